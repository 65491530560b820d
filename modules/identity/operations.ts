/** All that can be done about identities, a line each. */

export { forgetIdentities, onIdentityChange } from './identify.ts'
export { activityExportPage, activityOf, listActivity, movesSince, recordActivityExport } from './operations/activity.ts'
export * from './operations/connections.ts'
export * from './operations/look-ups.ts'
export * from './operations/manage.ts'
export * from './operations/me.ts'
export { noteSecurity } from './operations/notes.ts'
export * from './operations/scim-tokens.ts'
export * from './operations/security.ts'
export * from './operations/users.ts'
export { vouchedBy } from './queries-sign-in.ts'
export { systemCaller } from './system.ts'
