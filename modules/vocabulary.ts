/** The words the modules share: what can happen, and what can be allowed. Types only. */
import type { AgentEvents, AgentPermissions } from './agents/contract.ts'
import type { CommentEvents, CommentPermissions } from './comments/contract.ts'
import type { IdentityEvents, IdentityPermissions } from './identity/contract.ts'
import type { ImportEvents, ImportPermissions } from './imports/contract.ts'
import type { MspEvents, MspPermissions } from './msp/contract.ts'
import type { PeopleEvents, PeoplePermissions } from './people/contract.ts'
import type { PortalPermissions } from './portal/contract.ts'
import type { ProfileEvents, ProfilePermissions } from './profiles/contract.ts'
import type { SecurityEvents, SecurityPermissions } from './security/contract.ts'
import type { SettingsEvents, SettingsPermissions } from './settings/contract.ts'
import type { TaskEvents, TaskPermissions } from './tasks/contract.ts'

export type EventMap = IdentityEvents &
  AgentEvents &
  PeopleEvents &
  SettingsEvents &
  ProfileEvents &
  TaskEvents &
  CommentEvents &
  ImportEvents &
  SecurityEvents &
  MspEvents

export type Permission =
  | keyof typeof IdentityPermissions
  | keyof typeof AgentPermissions
  | keyof typeof PeoplePermissions
  | keyof typeof SettingsPermissions
  | keyof typeof ProfilePermissions
  | keyof typeof TaskPermissions
  | keyof typeof CommentPermissions
  | keyof typeof PortalPermissions
  | keyof typeof ImportPermissions
  | keyof typeof SecurityPermissions
  | keyof typeof MspPermissions
