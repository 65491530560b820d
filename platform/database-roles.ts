import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import pg from 'pg'
import { exitCodes, isUnreachable, StartFailure } from './start-failure.ts'

/*
 * Three roles, of which the cluster has one each, whatever the number of databases except for the login:
 *   tater_app       what the program may do; policies and grants name it
 *   tater_lookup    owns the few look-up functions that must see past the policies
 *   <database>_app  what the program signs in as; a member of tater_app
 */
const insufficientPrivilege = '42501'

/** Makes the roles that are missing. Several databases of one cluster may be prepared at once. */
export async function prepareRoles(owner: pg.Client, appUrl: string): Promise<void> {
  const wanted = wantedRoles(owner, appUrl)
  const { todo, exists } = await missing(owner, wanted)
  if (!exists || !(await canSignIn(appUrl))) todo.push(wanted.password)
  for (const [index, statement] of todo.entries()) {
    try {
      await runOnce(owner, statement)
    } catch (error) {
      if ((error as pg.DatabaseError).code !== insufficientPrivilege) throw error
      throw askAdministrator(owner, todo.slice(index), error)
    }
  }
  await setDefaults(appUrl)
}

/**
 * What every connection of the program starts with, kept with its login, because a transaction pooler refuses to be told at
 * the start of a connection. A statement or a wait that takes this long is a fault; the caller is told to try again. A
 * transaction in which nothing happens belongs to a process that hangs, and others wait for what it has locked.
 */
const defaults = ['TimeZone=UTC', 'statement_timeout=60000', 'lock_timeout=15000', 'idle_in_transaction_session_timeout=15000']

/** As the login itself: everybody may set their own defaults. */
async function setDefaults(appUrl: string): Promise<void> {
  const app = new pg.Client({ connectionString: appUrl, application_name: 'tater check', connectionTimeoutMillis: 10_000 })
  app.on('error', () => {})
  await app.connect()
  try {
    const { rows } = await app.query<{ set: string[] | null }>(
      'select rolconfig as set from pg_roles where rolname = current_user',
    )
    for (const each of defaults.filter((wanted) => !rows[0]?.set?.includes(wanted))) {
      const [name, value] = each.split('=') as [string, string]
      await runOnce(app, `alter role current_user set ${name} to ${pg.escapeLiteral(value)}`)
    }
  } finally {
    await app.end()
  }
}

type WantedRoles = {
  login: string
  group: string
  lookup: string
  app: string
  member: string
  use: string
  password: string
  restrict: string
}

function wantedRoles(owner: pg.Client, appUrl: string): WantedRoles {
  const url = new URL(appUrl)
  const login = decodeURIComponent(url.username)
  const role = pg.escapeIdentifier(login)
  return {
    login,
    group: 'create role tater_app nologin nobypassrls',
    lookup: 'create role tater_lookup nologin bypassrls',
    app: `create role ${role} login nobypassrls`,
    restrict: `alter role ${role} login nosuperuser nobypassrls nocreatedb nocreaterole`,
    member: `grant tater_app to ${role}`,
    // To hand a function over to a role, its owner must be a member of it.
    use: `grant tater_lookup to ${pg.escapeIdentifier(owner.user ?? '')}`,
    // The server is told the verifier only: neither its log nor the advice to an administrator shows the password.
    password: `alter role ${role} password ${pg.escapeLiteral(scramVerifier(url.password, login))}`,
  }
}

async function missing(owner: pg.Client, wanted: WantedRoles): Promise<{ todo: string[]; exists: boolean }> {
  const { rows } = await owner.query<
    Record<'has_group' | 'has_lookup' | 'has_app' | 'restricted' | 'member' | 'can_use', boolean>
  >(
    `select
       exists (select from pg_roles where rolname = 'tater_app') as has_group,
       exists (select from pg_roles where rolname = 'tater_lookup') as has_lookup,
       app.oid is not null as has_app,
       coalesce(app.rolcanlogin and not (app.rolsuper or app.rolbypassrls or app.rolcreatedb or app.rolcreaterole), true) as restricted,
       exists (
         select from pg_auth_members m join pg_roles g on g.oid = m.roleid
         where g.rolname = 'tater_app' and m.member = app.oid
       ) as member,
       me.rolsuper or exists (
         select from pg_auth_members m join pg_roles g on g.oid = m.roleid
         where g.rolname = 'tater_lookup' and m.member = me.oid
       ) as can_use
     from pg_roles me left join pg_roles app on app.rolname = $1
     where me.rolname = current_user`,
    [wanted.login],
  )
  const found = rows[0]!
  const statements = [
    found.has_group ? undefined : wanted.group,
    found.has_lookup ? undefined : wanted.lookup,
    found.has_app ? undefined : wanted.app,
    found.restricted ? undefined : wanted.restrict,
    found.member ? undefined : wanted.member,
    found.can_use ? undefined : wanted.use,
  ]
  return { todo: statements.filter((statement) => statement !== undefined), exists: found.has_app }
}

/** Asking the server is the one way to learn whether the password is right that every owner may use. */
async function canSignIn(appUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: appUrl, application_name: 'tater check', connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.end()
    return true
  } catch (error) {
    await client.end().catch(() => {})
    if (isUnreachable(error)) throw error
    return false
  }
}

/** Another database of the cluster may be prepared at the same instant, and roles belong to all of them. */
async function runOnce(owner: pg.Client, statement: string, attempts = 20): Promise<void> {
  try {
    await owner.query(statement)
  } catch (error) {
    const { code, message } = error as pg.DatabaseError
    // duplicate_object, or the same thing seen by the index when both came at once
    if (code === '42710' || code === '23505') return
    if (attempts > 1 && code === 'XX000' && /concurrently/.test(message)) return runOnce(owner, statement, attempts - 1)
    throw error
  }
}

function askAdministrator(owner: pg.Client, statements: string[], cause: unknown): StartFailure {
  return new StartFailure(
    `The database user "${owner.user}" may not make the roles the program needs (${(cause as Error).message}). ` +
      'An administrator of the database server runs this once, then start again:\n\n' +
      statements.map((statement) => `  ${statement};`).join('\n'),
    exitCodes.notPermitted,
    { cause },
  )
}

/** What PostgreSQL stores for a SCRAM-SHA-256 password (RFC 5803). The salt is derived, so that the advice is the same each time. */
export function scramVerifier(password: string, role: string): string {
  const iterations = 4096
  const salt = createHmac('sha256', password).update(`salt:${role}`).digest().subarray(0, 16)
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const sign = (text: string) => createHmac('sha256', salted).update(text).digest()
  const storedKey = createHash('sha256').update(sign('Client Key')).digest()
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey.toString('base64')}:${sign('Server Key').toString('base64')}`
}
