/**
 * Signatures of activity entries: HMAC-SHA256 over one canonical line, so that whoever holds the key can tell offline that
 * an exported entry is as it was written (docs/activity-log.md). It does not show that an entry is missing.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** An entry as it is signed; times as ISO 8601 in UTC with milliseconds. */
export type SignedFields = {
  organizationId: string
  id: string
  occurredAt: string
  action: string
  subjectType: string
  subjectId: string | null
  data: unknown
  actorId: string | null
  actorKind: string
  actorName: string
  channel: string
  operation: string
  requestId: string
  providerId: string | null
  providerName: string | null
  providerTier: string | null
}

const order = [
  ...['organizationId', 'id', 'occurredAt', 'action', 'subjectType', 'subjectId', 'data', 'actorId', 'actorKind', 'actorName'],
  ...['channel', 'operation', 'requestId', 'providerId', 'providerName', 'providerTier'],
] as (keyof SignedFields)[]

/** A JSON array of the fields in their fixed order; the keys of objects sorted, nothing between. */
export const canonical = (entry: SignedFields): string => JSON.stringify(order.map((name) => sorted(entry[name] ?? null)))

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  // Pairs, because a key that looks like a number would not stay where it was put; inside an object, so that no list looks like one.
  const pairs = Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, inner]) => [key, sorted(inner)])
  return { pairs }
}

/** Which key signed: the first 16 hexadecimal digits of its SHA-256. */
export const keyIdOf = (key: string) => createHash('sha256').update(key).digest('hex').slice(0, 16)

export const signatureOf = (entry: SignedFields, key: string) => createHmac('sha256', key).update(canonical(entry)).digest('hex')

/** Signs with the first key of AUDIT_SIGNING_KEY; the others are older ones, still good for checking. */
export const keysIn = (setting: string) =>
  setting
    .split(',')
    .map((key) => key.trim())
    .filter(Boolean)

/** What an entry of an export says that no signature covers: fields nobody signed, or one that stands there twice. */
export function uncovered(line: string): string[] {
  const entry: unknown = JSON.parse(line)
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return ['the whole line, which is no object']
  const strange = Object.keys(entry).filter((name) => !(order as string[]).includes(name) && !signatureFields.includes(name))
  // The last of two fields of a name is the one that was checked; a reader may show the first.
  return keysWritten(line) > keysOf(entry) ? [...strange, 'a field that stands there twice'] : strange
}

const signatureFields = ['signature', 'signatureKey']

/** Texts followed by a colon. */
const keysWritten = (json: string) => [...json.matchAll(/"(?:[^"\\]|\\.)*"\s*(:?)/g)].filter(([, colon]) => colon).length

const keysOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>(
        (sum, inner) => sum + keysOf(inner),
        Array.isArray(value) ? 0 : Object.keys(value).length,
      )
    : 0

export type Verdict = 'fits' | 'altered' | 'unsigned' | 'unknown-key'

/** @param keys all that may have signed, whatever their order */
export function verdictOn(
  entry: SignedFields & { signature?: string | null; signatureKey?: string | null },
  keys: readonly string[],
): Verdict {
  if (!entry.signature || !entry.signatureKey) return 'unsigned'
  const key = keys.find((each) => keyIdOf(each) === entry.signatureKey)
  if (!key) return 'unknown-key'
  const [given, wanted] = [Buffer.from(entry.signature, 'hex'), Buffer.from(signatureOf(entry, key), 'hex')]
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? 'fits' : 'altered'
}
