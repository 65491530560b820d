/** What the commands share: how they end, and how they read their options. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** Exit codes: 0 done, 1 the answer is no, 2 called wrongly, 69 the server does not answer. */
export const exits = { done: 0, no: 1, usage: 2, unreachable: 69 } as const

/** The command ends here, with a sentence on stderr. */
export class Failure extends Error {
  readonly exitCode: number
  constructor(message: string, exitCode: number = exits.no) {
    super(message)
    this.exitCode = exitCode
  }
}

export const usage = (message: string, command: string) =>
  new Failure(`${message}\n\`tater help\` shows how ${command} is called.`, exits.usage)

/** Options by name and what stands without one; anything unknown is refused by name. */
export function readArguments<const T extends ParseArgsOptionsConfig>(command: string, args: string[], options: T, most: number) {
  try {
    const read = parseArgs({ args, options, allowPositionals: true, strict: true })
    if (read.positionals.length > most) throw new Error(`${read.positionals[most]}: there is one argument too many`)
    return read
  } catch (error) {
    throw usage((error as Error).message.split('. To specify')[0]!.replace(/\.?$/, '.'), command)
  }
}

export const number = (value: number) => value.toLocaleString('en')

/** `1.2 s`, `2 min 5 s`. */
export function seconds(ms: number): string {
  const all = ms / 1000
  return all < 60 ? `${all.toFixed(1)} s` : `${Math.floor(all / 60)} min ${Math.round(all % 60)} s`
}
