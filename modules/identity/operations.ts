/** All that can be done about identities, a line each. */

export { onIdentityChange } from './identify.ts'
export { activityOf, listActivity, movesSince } from './operations/activity.ts'
export * from './operations/manage.ts'
export * from './operations/me.ts'
export { systemCaller } from './system.ts'
