/** All SQL of the security register. */
export * from './queries/records.ts'
export * from './queries/scans.ts'
