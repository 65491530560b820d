/** Guessing, codes that count once, and what of it stands in the activity: with two server processes on one database. */
import { base32 } from '@better-auth/utils/base32'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startProduct } from '../doors/product.ts'
import { codeOf } from '../modules/identity/one-time-codes.ts'
import * as identity from '../modules/identity/operations.ts'
import { guessesPerHour, originOf, signInThrottle, waitsOfOrigin } from '../modules/identity/throttle.ts'
import { type Answer, cookieOf, password, secret, type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let second: Awaited<ReturnType<typeof startProduct>>
let organization: TestOrganization
const origin = 'http://localhost'

beforeAll(async () => {
  product = await testProduct({ setupToken: 'the-link' })
  second = await startProduct({
    ownerUrl: product.urls.ownerUrl,
    attachmentsFolder: '/nowhere',
    publicUrl: origin,
    secret,
    version: '0.0.0-test',
    logLevel: 'silent',
    services: ['server'],
  })
  organization = await product.given.organization()
})
afterAll(async () => {
  await second?.stop()
  await product?.stop()
})
// What the library counts by address is not what is tested here.
beforeEach(() => product.asOwner('delete from auth."rateLimit"'))

type Ask = { cookie?: string; from?: string; by?: 'first' | 'second' }

async function post(
  path: string,
  payload: object,
  { cookie = '', from = '203.0.113.7', by = 'first' }: Ask = {},
): Promise<Answer> {
  const headers = { origin, cookie, 'x-forwarded-for': from }
  const url = `/api/auth${path}`
  if (by === 'first') return product.request('POST', url, headers, payload)
  const answer = await second.app.inject({ method: 'POST', url, headers, payload })
  return { status: answer.statusCode, headers: answer.headers, text: answer.body, body: answer.json() as Answer['body'] }
}

const signIn = (email: string, given: string, ask: Ask = {}) => post('/sign-in/email', { email, password: given }, ask)
const cookiesOf = (answer: Answer, name: RegExp) =>
  cookieOf(answer)
    .split('; ')
    .filter((cookie) => name.test(cookie))
    .join('; ')

async function withSecondFactor(email: string) {
  const cookie = cookieOf(await signIn(email, password))
  const begun = await post('/two-factor/enable', { password }, { cookie })
  const key = new URL(String(begun.body.totpURI)).searchParams.get('secret')!
  const backupCodes = begun.body.backupCodes as string[]
  return { cookie, backupCodes, secret: new TextDecoder().decode(base32.decode(key)) }
}
const step = () => Math.floor(Date.now() / 30_000)

describe('a code of the authenticator app', () => {
  test('counts once: for the set-up or one sign-in, in whichever process, and of several at once', async () => {
    const { email } = await product.given.member(organization, 'Auditor')
    const app = await withSecondFactor(email)
    const now = step()
    const confirmed = await post('/two-factor/verify-totp', { code: codeOf(app.secret, now) }, { cookie: app.cookie })
    expect(confirmed.status, confirmed.text).toBe(200)

    // On a machine so slow that the code is over anyway it is refused as such.
    const stillCurrent = () => step() <= now + 1

    const pending = async (by: 'first' | 'second') => ({ by, cookie: cookieOf(await signIn(email, password, { by })) })
    for (const by of ['first', 'second'] as const) {
      const again = await post('/two-factor/verify-totp', { code: codeOf(app.secret, now) }, await pending(by))
      expect([again.status, again.body.error]).toEqual([401, stillCurrent() ? 'CODE_USED' : expect.any(String)])
      expect(cookiesOf(again, /session_token/)).toBe('')
    }
    // The next code, a little early, by six requests at once.
    const asked = await Promise.all(Array.from({ length: 6 }, (_, n) => pending(n % 2 === 0 ? 'first' : 'second')))
    const answers = await Promise.all(
      asked.map((ask) => post('/two-factor/verify-totp', { code: codeOf(app.secret, now + 1) }, ask)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401, 401])
    // And none from before it.
    const late = await post('/two-factor/verify-totp', { code: codeOf(app.secret, now) }, await pending('second'))
    expect([late.status, late.body.error]).toEqual([401, stillCurrent() ? 'CODE_USED' : expect.any(String)])
    const wrong = await post('/two-factor/verify-totp', { code: '000000' }, await pending('first'))
    expect([wrong.status, wrong.body.error]).toEqual([401, 'INVALID_CODE'])
  })

  test('so does a recovery code, of several at once', async () => {
    const { email } = await product.given.member(organization, 'Auditor')
    const app = await withSecondFactor(email)
    await post('/two-factor/verify-totp', { code: codeOf(app.secret, step()) }, { cookie: app.cookie })
    const asked = await Promise.all(
      ['first', 'second', 'first'].map(async (by) => ({
        by: by as 'first',
        cookie: cookieOf(await signIn(email, password)),
      })),
    )
    const answers = await Promise.all(
      asked.map((ask) => post('/two-factor/verify-backup-code', { code: app.backupCodes[0] }, ask)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})

describe('guessing at a password', () => {
  const later = (seconds: number) =>
    product.asOwner(
      `update auth.sign_in_attempts set next_at = next_at - $1 * interval '1 second', since = since - $1 * interval '1 second'`,
      [seconds],
    )
  beforeEach(() => product.asOwner('delete from auth.sign_in_attempts'))
  const free = waitsOfOrigin.filter((wait) => wait === 0).length + 1

  /** So many guesses as no hash of a password has to be made for: the throttle of either process, as its door asks it. */
  async function guess(email: string, addresses: string[], device?: string) {
    const throttles = [product, second].map(({ database }) => signInThrottle(database, secret))
    const begun = addresses.map((address, n) => throttles[n % 2]!.begin(email, { address, device }))
    return (await Promise.all(begun)).filter((attempt) => !('wait' in attempt)).length
  }
  const times = (n: number, address = '203.0.113.7') => Array.from({ length: n }, () => address)

  test('makes who guesses wait, longer each time, in whichever process; nobody else', async () => {
    const { email } = await product.given.member(organization, 'Viewer')
    for (const by of ['first', 'second'] as const) expect((await signIn(email.toUpperCase(), 'wrong', { by })).status).toBe(401)
    expect(await guess(email, times(free - 2))).toBe(free - 2)
    for (const by of ['first', 'second'] as const) {
      const refused = await signIn(email, password, { by })
      expect([refused.status, refused.body.error]).toEqual([429, 'TOO_MANY_ATTEMPTS'])
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
      expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(waitsOfOrigin[free - 1]!)
    }
    const headers = { 'accept-language': 'de', 'x-forwarded-for': '203.0.113.7' }
    const german = await product.request('POST', '/api/auth/sign-in/email', headers, { email, password })
    expect(german.body.message).toContain('Zu viele falsche Passwörter')
    await later(waitsOfOrigin[free - 1]!)
    expect((await signIn(email, 'wrong again')).status).toBe(401)
    expect(Number((await signIn(email, password)).headers['retry-after'])).toBeGreaterThan(waitsOfOrigin[free - 1]!)
    // From elsewhere the account is open, and its right password ends nobody else's wait.
    expect((await signIn(email, password, { from: '198.51.100.1' })).status).toBe(200)
    expect((await signIn(email, password)).status).toBe(429)
    await later(waitsOfOrigin[free]!)
    expect((await signIn(email, password)).status).toBe(200)
    expect(await guess(email, times(free))).toBe(free)
  })

  test('does not get further by asking many times at once', async () => {
    const { email } = await product.given.member(organization, 'Viewer')
    expect(await guess(email, times(40))).toBe(free)
    const others = Array.from({ length: 100 }, (_, n) => `198.51.100.${n}`)
    expect(await guess(email, others)).toBe(guessesPerHour - free)
  })

  test('from any number of addresses is bounded in an hour, and does not lock out whoever signed in before', async () => {
    const { email, id } = await product.given.member(organization, 'Viewer')
    const known = await signIn(email, password)
    const device = cookiesOf(known, /^tater\.device\./)
    expect(String(known.headers['set-cookie'])).toMatch(/tater\.device\.[^;]+;[^,]*HttpOnly/i)
    const addresses = Array.from({ length: guessesPerHour + 12 }, (_, n) => `198.51.100.${n}`)
    expect(await guess(email, addresses)).toBe(guessesPerHour)
    const stranger = { from: '192.0.2.99' }
    expect((await signIn(email, password, stranger)).status).toBe(429)
    // A browser that signed in before, in either process; not one that shows another's cookie, or a made-up one.
    for (const by of ['first', 'second'] as const)
      expect((await signIn(email, password, { ...stranger, by, cookie: device })).status).toBe(200)
    const forged = device.replace(/\.(.)([\w-]*)$/, (_all, first, rest) => `.${first === 'A' ? 'B' : 'A'}${rest}`)
    const others = signInThrottle(product.database, secret).newDevice('somebody.else@example.com')
    for (const cookie of [forged, `${device.split('=')[0]}=${others}`])
      expect((await signIn(email, password, { ...stranger, cookie })).status).toBe(429)
    // A session goes on, and may still confirm the password.
    const session = cookiesOf(known, /session_token/)
    expect((await product.request('GET', '/api/me', { cookie: session })).body).toMatchObject({ id })
    expect((await post('/two-factor/enable', { password }, { cookie: session, ...stranger })).status).toBe(200)
    await later(3600)
    expect((await signIn(email, password, stranger)).status).toBe(200)
  })

  test('by a browser that signed in before is slowed down as well, and by its own failures only', async () => {
    const { email } = await product.given.member(organization, 'Viewer')
    const device = cookiesOf(await signIn(email, password), /^tater\.device\./)
    expect((await signIn(email, 'wrong', { cookie: device })).status).toBe(401)
    expect(await guess(email, times(9, '192.0.2.1'), device.split('=')[1])).toBe(free - 1)
    expect((await signIn(email, password, { cookie: device })).status).toBe(429)
    expect((await signIn(email, password)).status).toBe(200)
  })

  test('in a session that somebody left open is slowed down like any other', async () => {
    const { email } = await product.given.member(organization, 'Viewer')
    const cookie = cookiesOf(await signIn(email, password), /session_token/)
    const ask = async (currentPassword: string) => {
      await product.asOwner('delete from auth."rateLimit"')
      return (await post('/change-password', { currentPassword, newPassword: 'another long password' }, { cookie })).status
    }
    for (let n = 0; n < free; n += 1) expect(await ask(`wrong ${n}`)).toBe(400)
    expect(await ask(password)).toBe(429)
  })

  test('says the same of an account that does not exist, and keeps no address', async () => {
    const email = 'nobody-at-all@example.com'
    expect((await signIn(email, 'wrong')).status).toBe(401)
    expect(await guess(email, times(9))).toBe(free - 1)
    expect((await signIn(email, 'wrong')).status).toBe(429)
    const kept = await product.asOwner<{ row: string }>('select row_to_json(a)::text as row from auth.sign_in_attempts a')
    expect(JSON.stringify(kept)).not.toMatch(/nobody|203\.0/)
  })

  test('counts an IPv6 network as one origin', () => {
    expect(originOf('2001:db8:1:2:3:4:5:6')).toBe(originOf('2001:db8:1:2::9'))
    expect(originOf('2001:0db8:1:2::9')).toBe('2001:db8:1:2::/64')
    expect(originOf('2001:db8:1:3::9')).not.toBe(originOf('2001:db8:1:2::9'))
    expect([originOf('::1'), originOf('::ffff:192.0.2.1'), originOf('192.0.2.1')]).toEqual([
      '0:0:0:0::/64',
      '192.0.2.1',
      '192.0.2.1',
    ])
  })
})

describe('the activity', () => {
  type Entry = { action: string; actor_name: string; actor_kind: string; data: Record<string, unknown> }
  const entriesOf = (userId: string, of = organization) =>
    product.asOwner<Entry>(
      `select action, actor_name, actor_kind, data from events where organization_id = $1 and subject_type = 'user'
        and subject_id = $2 and action <> 'member.added' order by id`,
      [of.id, userId],
    )
  beforeEach(() => product.asOwner('delete from auth.sign_in_attempts'))

  test('has sign-ins, failures and changes of somebody’s sign-in, in every organization that relies on it', async () => {
    const elsewhere = await product.given.organization()
    const { id, email } = await product.given.member(organization, 'Auditor')
    await product.execute(identity.addMember, elsewhere.caller(), { email, name: 'A Member', role: 'Viewer' })
    await signIn(email, 'not the password')
    const app = await withSecondFactor(email)
    const on = await post('/two-factor/verify-totp', { code: codeOf(app.secret, step()) }, { cookie: app.cookie })
    const codes = await post('/two-factor/generate-backup-codes', { password }, { cookie: cookieOf(on) })
    expect(codes.status, codes.text).toBe(200)
    const pending = cookieOf(await signIn(email, password))
    expect((await post('/two-factor/verify-totp', { code: '000000' }, { cookie: pending })).status).toBe(401)
    const recovery = (codes.body.backupCodes as string[])[0]
    const inside = await post('/two-factor/verify-backup-code', { code: recovery }, { cookie: pending })
    expect(inside.status, inside.text).toBe(200)
    const off = await post('/two-factor/disable', { password }, { cookie: cookieOf(inside) })
    expect(off.status, off.text).toBe(200)
    const next = 'another correct horse battery'
    const changed = await post(
      '/change-password',
      { currentPassword: password, newPassword: next, revokeOtherSessions: true },
      { cookie: cookieOf(off) },
    )
    expect(changed.status, changed.text).toBe(200)
    const cookie = cookieOf(changed)
    expect((await product.request('DELETE', '/api/me/sessions', { cookie, origin })).status).toBe(200)

    const own = await entriesOf(id)
    expect(own.map(({ action, data }) => [action, data.way ?? null])).toEqual([
      ['sign-in.failed', 'password'],
      ['person.signed-in', 'password'],
      ['second-factor.enabled', null],
      ['recovery-codes.renewed', null],
      ['sign-in.failed', 'code'],
      ['person.signed-in', 'recovery-code'],
      ['second-factor.disabled', null],
      ['password.changed', null],
      ['session.revoked', null],
    ])
    expect(own.map(({ data }) => data.first ?? null)).toEqual([null, true, null, null, null, false, null, null, null])
    expect(own[0]).toMatchObject({ actor_kind: 'system', data: { email, address: '203.0.113.7' } })
    expect(own[1]).toMatchObject({
      actor_kind: 'user',
      actor_name: 'A Member',
      data: { email, address: '203.0.113.7', connection: null },
    })
    // Where the person is at home reads when they sign in; the others only what concerns the account they rely on.
    const others = await entriesOf(id, elsewhere)
    expect(others.map(({ action }) => action)).toEqual(
      own.map(({ action }) => action).filter((action) => action !== 'person.signed-in'),
    )
    const told = JSON.stringify([own, others])
    for (const hidden of [password, next, app.secret, recovery!, organization.name, elsewhere.name])
      expect(told).not.toContain(hidden)
    const stranger = await product.given.organization()
    expect(await entriesOf(id, stranger)).toEqual([])
    const read = await product.request('GET', `/api/activity?action=password.changed&actor=${email}`, {
      'x-api-key': organization.keys.OrgAdmin,
    })
    expect(read.body.items).toHaveLength(1)
  })

  test('of an address that nobody has says nothing', async () => {
    const count = async () => (await product.asOwner<{ n: string }>('select count(*) as n from events'))[0]!.n
    const before = await count()
    expect((await signIn('still-nobody@example.com', 'wrong')).status).toBe(401)
    expect(await count()).toBe(before)
  })

  test('has that an account was disabled, in the organizations it works in', async () => {
    const { id } = await product.given.member(organization, 'Auditor')
    const root = await product.given.superAdmin()
    for (const disabled of [true, false]) {
      const answer = await product.request('PATCH', `/api/users/${id}`, { cookie: root.cookie, origin }, { disabled })
      expect(answer.status, answer.text).toBe(200)
    }
    expect(
      (await entriesOf(id)).map(({ action, actor_name, data }) => [
        action,
        actor_name,
        (data.after as { disabled: boolean }).disabled,
      ]),
    ).toEqual([
      ['user.changed', 'Root', true],
      ['user.changed', 'Root', false],
    ])
  })
})
