/**
 * Slows down guessing at one account, from however many addresses it comes (OWASP, Authentication: account lockout by
 * time, not for good, so that nobody can lock a colleague out).
 */
import type pg from 'pg'

const mostFailures = 10
const windowMs = 15 * 60_000

const keyOf = (email: string) => `account:${email.trim().toLowerCase().slice(0, 254)}`

/** @param pool connections of the application */
export function signInThrottle(pool: pg.Pool) {
  return {
    /** Minutes to wait before this account may be tried again; 0 when it may be now. */
    async minutesToWait(email: string): Promise<number> {
      const { rows } = await pool.query<{ count: number; lastRequest: string }>(
        'select "count", "lastRequest" from auth."rateLimit" where "key" = $1',
        [keyOf(email)],
      )
      const row = rows[0]
      if (!row || row.count < mostFailures) return 0
      return Math.max(0, Math.ceil((Number(row.lastRequest) + windowMs - Date.now()) / 60_000))
    },
    async failed(email: string): Promise<void> {
      await pool.query(
        `insert into auth."rateLimit" as r ("id", "key", "count", "lastRequest") values ($1, $1, 1, $2)
         on conflict ("key") do update set "count" = case when r."lastRequest" < $2 - $3 then 1 else r."count" + 1 end, "lastRequest" = $2`,
        [keyOf(email), Date.now(), windowMs],
      )
    },
    async succeeded(email: string): Promise<void> {
      await pool.query('delete from auth."rateLimit" where "key" = $1', [keyOf(email)])
    },
  }
}

export type SignInThrottle = ReturnType<typeof signInThrottle>
