/** The system as an actor: background jobs, set-up and the command line on the server's own machine. */
import { randomUUID } from 'node:crypto'
import type { Caller, Channel } from '../../platform/context.ts'
import { allPermissions } from '../roles.ts'
import type { Permission } from '../vocabulary.ts'

const everything = new Set(Object.keys(allPermissions) as Permission[])

/** @param organizationId whose data it works on; null only for what belongs to none */
export const systemCaller = (
  organizationId: string | null,
  requestId: string = randomUUID(),
  channel: Channel = 'cron',
): Caller => ({
  actor: {
    id: null,
    kind: 'system',
    email: 'system@tater.invalid',
    name: 'TATER Ops',
    organizationId,
    organizationName: null,
    role: null,
    superAdmin: true,
    provider: null,
    permissions: everything,
  },
  channel,
  requestId,
})
