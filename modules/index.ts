/** The table of contents: which modules there are, in which order, and everything the product can do. */

import type { Subscriber } from '../platform/events.ts'
import type { AnyOperation } from '../platform/operation.ts'
import * as agents from './agents/operations.ts'
import * as comments from './comments/operations.ts'
import * as identity from './identity/operations.ts'
import * as imports from './imports/operations.ts'
import * as msp from './msp/operations.ts'
import * as people from './people/operations.ts'
import * as portal from './portal/operations.ts'
import * as profiles from './profiles/operations.ts'
import * as security from './security/operations.ts'
import * as securitySubscribers from './security/subscribers.ts'
import * as settings from './settings/operations.ts'
import * as tasks from './tasks/operations.ts'
import * as taskSubscribers from './tasks/subscribers.ts'

/** The law of dependency: a module imports only modules listed before it (bin/lint.ts). */
export const order = [
  'identity',
  'agents',
  'people',
  'settings',
  'profiles',
  'tasks',
  'comments',
  'portal',
  'imports',
  'security',
  'msp',
] as const

type OperationsIn<M> = Extract<M[keyof M], { kind: 'query' | 'command' }>

/** The operations among what a module exports; the rest are functions other modules call. */
const operationsIn = <M extends object>(module: M) =>
  Object.values(module).filter((value) => typeof value === 'object' && value !== null && 'kind' in value) as OperationsIn<M>[]

export const operations = [
  ...operationsIn(identity),
  ...operationsIn(agents),
  ...operationsIn(people),
  ...operationsIn(settings),
  ...operationsIn(profiles),
  ...operationsIn(tasks),
  ...operationsIn(comments),
  ...operationsIn(portal),
  ...operationsIn(imports),
  ...operationsIn(security),
  ...operationsIn(msp),
]
export type Operations = (typeof operations)[number]

/** The same, for doors that need not know their types. */
export const allOperations: readonly AnyOperation[] = operations

/** Everything that reacts to what another module recorded. */
export const subscribers: readonly Subscriber[] = [...Object.values(taskSubscribers), ...Object.values(securitySubscribers)]
