/** `tater activity verify`: whether the entries of an exported activity log are as they were written. Reads the file only. */
import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { keysIn, type SignedFields, uncovered, verdictOn } from '../../platform/signature.ts'
import { exits, Failure, readArguments, usage } from './command.ts'

type Line = SignedFields & { signature: string | null; signatureKey: string | null }

export async function verify(args: string[]): Promise<number> {
  const { positionals } = readArguments('tater activity verify', args, {}, 1)
  const [file] = positionals
  if (!file) throw usage('Which export? Give its file: tater activity verify activity.ndjson', 'tater activity verify')
  if (!existsSync(file)) throw new Failure(`There is no file ${file}.`, exits.usage)
  const keys = keysIn(process.env.AUDIT_SIGNING_KEY ?? '')
  if (keys.length === 0)
    throw new Failure(
      'AUDIT_SIGNING_KEY is not set. Set it to the key the server signs with; older ones after it, by commas.',
      exits.usage,
    )
  let count = 0
  let unsigned = 0
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    if (text.trim() === '') continue
    count += 1
    const entry = read(text, file, count)
    const strange = uncovered(text)
    if (strange.length > 0) return fails(file, count, `no signature covers what was added to it: ${strange.join(', ')}`, entry)
    const verdict = verdictOn(entry, keys)
    // An export goes from new to old: before signing was switched on there are only unsigned entries.
    if (verdict === 'unsigned') unsigned += 1
    else if (unsigned > 0) return fails(file, count - 1, 'it is not signed, though an older entry is')
    else if (verdict !== 'fits') return fails(file, count, reasons[verdict], entry)
  }
  if (count === unsigned)
    throw new Failure(
      `${file}: no entry is signed, so nothing can be said of it. Was AUDIT_SIGNING_KEY set on the server?`,
      exits.no,
    )
  console.log(`${file}: ${count - unsigned} signed entries fit${unsigned ? `, ${unsigned} are from before signing` : ''}.`)
  return exits.done
}

const reasons = {
  altered: 'it was altered: its signature does not fit',
  'unknown-key': 'it was signed with a key that AUDIT_SIGNING_KEY does not hold',
}

function fails(file: string, line: number, reason: string, entry?: Line): number {
  const which = entry ? ` (${entry.id}, ${entry.action} at ${entry.occurredAt})` : ''
  console.error(`${file}:${line}: the first entry that does not fit${which}: ${reason}.`)
  return exits.no
}

function read(text: string, file: string, line: number): Line {
  try {
    return JSON.parse(text) as Line
  } catch {
    throw new Failure(`${file}:${line}: this line is not JSON. Verify takes the NDJSON export.`, exits.no)
  }
}
