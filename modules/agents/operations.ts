/** All that can be done about agents and connected programs, a line each. */

export { agentGate } from './gate.ts'
export * from './operations/connect.ts'
export * from './operations/connections.ts'
export * from './operations/policy.ts'
export type { Refusal } from './tokens.ts'
export { exchangeCode, refresh, registerClient, tokenToRevoke } from './tokens.ts'
