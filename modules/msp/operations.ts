/** All that can be done about providers and their clients, a line each. */

export * from './operations/access.ts'
export * from './operations/clients.ts'
export * from './operations/elevation.ts'
export * from './operations/organizations.ts'
export * from './operations/overview.ts'
export * from './operations/scanning.ts'
