/** `tater server`, `tater worker`: one process of the product. */
import type { ParseArgsOptionsConfig } from 'node:util'
import type { Service } from '../../platform/settings.ts'
import { exits, readArguments } from './command.ts'

export async function serve(service: Service, args: string[]): Promise<number> {
  const options: ParseArgsOptionsConfig = service === 'server' ? { 'no-jobs': { type: 'boolean' } } : {}
  const { values } = readArguments(`tater ${service}`, args, options, 0)
  process.env.TATER_SERVICES = service === 'worker' || values['no-jobs'] ? service : 'server,worker'
  await import('../server.ts')
  return exits.done
}
