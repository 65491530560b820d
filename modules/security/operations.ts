/** All that can be done with the security register and scans; and what other modules may ask of them. */
export * from './operations/records.ts'
export * from './operations/scans.ts'
export { ScanRefused } from './rules.ts'
