/**
 * Slows down guessing of passwords without locking anybody out (NIST SP 800-63B §5.2.2; OWASP, "Slow Down Online Guessing
 * Attacks with Device Cookies"). Three counters, all in the database, so that they hold for every server process:
 *
 * - a browser that signed in to the account before is known by a signed cookie and counted by itself;
 * - anybody else is counted by account and address of origin, with waits that grow;
 * - all of those together have a bounded number of guesses at one account in an hour.
 *
 * So whoever guesses makes the account wait for strangers at the most, never for its owner's own devices, and not at all
 * for passkeys and sign-in providers, which do not come by here.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { sql } from 'kysely'
import type { Database, Db } from '../../platform/database.ts'

const minute = 60
const hour = 60 * minute

/** Seconds to wait after so many failures in a row: four are free, then the wait doubles, up to a quarter of an hour. */
export const waitsOfOrigin = [0, 0, 0, 0, 30, minute, 2 * minute, 4 * minute, 8 * minute, 15 * minute]

/** Guesses that all strangers together have at one account in an hour. */
export const guessesPerHour = 50

/** How long failures are remembered after the last wait. */
const forgottenAfter = hour

/** How long a browser stays known: longer than a holiday, and as long as OWASP has it. */
export const deviceSeconds = 180 * 24 * hour

/** What an attempt is counted under: the browser, or the origin and all strangers. */
export type Attempt = { places: Buffer[] }

/** Where an attempt comes from. */
export type Origin = {
  address: string
  /** The cookie named by `cookieName`, if the browser sent one. */
  device?: string | undefined
  /** The session of somebody who is signed in and is asked for the password once more. */
  sessionId?: string | null
}

/**
 * @param database the application's
 * @param secret TATER_SECRET; signs the cookies of known browsers
 */
export function signInThrottle(database: Database, secret: string) {
  const keyed = (...parts: string[]) => createHmac('sha256', secret).update(JSON.stringify(parts)).digest()
  const account = (email: string) => email.trim().toLowerCase().slice(0, 254)

  /** Under which name a browser is known to this account; null for a cookie that is not ours, or another account's. */
  function known(email: string, device: string | undefined): string | null {
    const [nonce = '', signature = ''] = (device ?? '').split('.')
    const wanted = keyed('known', account(email), nonce)
    const given = Buffer.from(signature, 'base64url')
    return given.length === wanted.length && timingSafeEqual(given, wanted) ? nonce : null
  }

  function countersOf(email: string, { address, device, sessionId }: Origin): Counter[] {
    const own = sessionId ?? known(email, device)
    if (own) return [{ place: keyed('own', account(email), own), waits: waitsOfOrigin, window: false }]
    return [
      { place: keyed('origin', account(email), originOf(address)), waits: waitsOfOrigin, window: false },
      { place: keyed('strangers', account(email)), waits: waitsOfStrangers, window: true },
    ]
  }

  const inTransaction = <T>(work: (db: Db) => Promise<T>) =>
    database.inTransaction({ organizationId: null, userId: null }, 'read write', work)

  return {
    /**
     * Begins an attempt: takes it from what this browser, or this address and all strangers, have left.
     * @returns the attempt, or the seconds to wait for the next
     */
    async begin(email: string, origin: Origin): Promise<Attempt | { wait: number }> {
      const counters = countersOf(email, origin)
      try {
        await inTransaction(async (db) => {
          for (const counter of counters) if (!(await take(db, counter))) throw new Waits(await secondsUntilFree(db, counter))
          if (Math.random() < 0.01) await forgetOld(db)
        })
      } catch (error) {
        if (error instanceof Waits) return { wait: error.seconds }
        throw error
      }
      return { places: counters.map(({ place }) => place) }
    },

    /** The password was right: the origin starts anew, and the strangers get their guess back. */
    succeeded: ({ places: [own, strangers] }: Attempt): Promise<void> =>
      inTransaction(async (db) => {
        await sql`delete from auth.sign_in_attempts where place = ${own}`.execute(db)
        if (strangers) await giveBack(db, [strangers])
      }),

    /** Nothing was guessed: it was refused before the password was looked at. */
    undone: ({ places }: Attempt): Promise<void> => inTransaction((db) => giveBack(db, places)),

    /** One for each account, so that several people can share a browser; tells nobody which. */
    cookieName: (email: string) => `tater.device.${keyed('cookie', account(email)).toString('hex').slice(0, 16)}`,

    /** Whether this browser has signed in to the account before. */
    knows: (email: string, device: string | undefined): boolean => known(email, device) !== null,

    /** A new cookie for a browser that has signed in. */
    newDevice(email: string): string {
      const nonce = randomBytes(16).toString('base64url')
      return `${nonce}.${keyed('known', account(email), nonce).toString('base64url')}`
    },
  }
}

type Counter = {
  place: Buffer
  /** Seconds to wait after the first failure, the second and so on; the last for all that follow. */
  waits: readonly number[]
  /** Whether waits count from the first failure rather than from the last. */
  window: boolean
}

/** No wait for all but the last guess of the hour; then until an hour after the first. */
const waitsOfStrangers = [...Array<number>(guessesPerHour - 1).fill(0), hour]

/** Rolls back what an attempt took that may not be made. */
class Waits extends Error {
  readonly seconds: number
  constructor(seconds: number) {
    super(`Not before ${seconds} s`)
    this.seconds = seconds
  }
}

/**
 * Counts an attempt before it is made, as a failure: of a thousand at once no more get through than of a thousand in turn.
 * The clock is read once the row is this transaction's: others may have changed it since this one began.
 */
async function take(db: Db, { place, waits, window }: Counter): Promise<boolean> {
  const stale = sql`(case when ${window}::boolean then a.since else a.next_at end < clock_timestamp() - ${forgottenAfter} * interval '1 second')`
  const failures = sql`(case when ${stale} then 1 else a.failures + 1 end)`
  const since = sql`(case when ${stale} then clock_timestamp() else a.since end)`
  const wait = (nth: typeof failures) => sql`(${[...waits]}::int[])[least(${nth}, ${waits.length}::int)] * interval '1 second'`
  const { rows } = await sql`
    insert into auth.sign_in_attempts as a (place, failures, since, next_at) values (${place}, 1, clock_timestamp(), clock_timestamp() + ${wait(sql`1`)})
    on conflict (place) do update set failures = ${failures}, since = ${since},
      next_at = greatest(clock_timestamp(), case when ${window}::boolean then ${since} else clock_timestamp() end + ${wait(failures)})
    where a.next_at <= clock_timestamp()
    returning 1`.execute(db)
  return rows.length === 1
}

async function secondsUntilFree(db: Db, { place }: Counter): Promise<number> {
  const { rows } = await sql<{ wait: number }>`
    select ceil(extract(epoch from next_at - now()))::int as wait from auth.sign_in_attempts where place = ${place}`.execute(db)
  return Math.max(1, rows[0]?.wait ?? 1)
}

async function giveBack(db: Db, places: Buffer[]): Promise<void> {
  for (const place of places)
    await sql`update auth.sign_in_attempts set failures = greatest(failures - 1, 0), next_at = least(next_at, now())
      where place = ${place}`.execute(db)
}

const forgetOld = (db: Db) =>
  sql`delete from auth.sign_in_attempts where place in (
    select place from auth.sign_in_attempts where next_at < now() - interval '1 day' limit 1000 for update skip locked)`.execute(
    db,
  )

/** Whoever has an IPv6 network has all its addresses: the first 64 bits are one origin. */
export function originOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  if (!isIPv6(address)) return address
  const [head = '', tail = ''] = address.toLowerCase().split('%')[0]!.split('::')
  const groups = (part: string) => (part ? part.split(':') : [])
  const left = groups(head)
  const right = address.includes('::') ? groups(tail) : []
  const all = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

export type SignInThrottle = ReturnType<typeof signInThrottle>
