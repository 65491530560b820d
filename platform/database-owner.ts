import { createHash, createHmac } from 'node:crypto'
import pg from 'pg'
import { prepareRoles } from './database-roles.ts'
import { applyMigrations, type Migration, readMigrations } from './migrations.ts'
import { exitCodes, isUnreachable, StartFailure } from './start-failure.ts'

export type PreparedDatabase = {
  /** Where the program connects for its work: a role that owns nothing and is bound by every policy. */
  appUrl: string
  /** Names of the migrations applied just now. */
  applied: string[]
  /** Number of the newest migration. */
  version: number
}

/**
 * Brings a database up to the program: roles first, then migrations in order, each in its own transaction. Safe to run by several
 * servers at once, on one database or on several of one cluster. Wants a direct connection, not one through a transaction pooler.
 */
export async function prepareDatabase(ownerUrl: string, migrations: Migration[] = readMigrations()): Promise<PreparedDatabase> {
  const appUrl = appUrlOf(ownerUrl)
  const owner = await connectOwner(ownerUrl)
  try {
    await requireServerVersion(owner)
    await prepareRoles(owner, appUrl)
    // Held by the session: every migration has a transaction of its own, and another server must not come in between.
    await owner.query("select pg_advisory_lock(hashtextextended('tater:migrations', 0))")
    const applied = await applyMigrations(owner, migrations)
    return { appUrl, applied, version: migrations.at(-1)?.number ?? 0 }
  } finally {
    await owner.end()
  }
}

/** The address the program works under. Every process that knows the owner's address can derive it, so nothing needs to be stored. */
export function appUrlOf(ownerUrl: string): string {
  const url = new URL(ownerUrl)
  const database = databaseOf(url)
  const password = decodeURIComponent(url.password) || url.searchParams.get('password') || process.env.PGPASSWORD
  if (!password) {
    throw new StartFailure(
      "DATABASE_URL has no password. The program derives the password of its own restricted role from it, so the database's owner needs one: alter role … password '…'. Where the server asks for none (trust), put any text.",
      exitCodes.badSetting,
    )
  }
  url.username = encodeURIComponent(appRoleOf(database))
  url.searchParams.delete('user')
  url.searchParams.delete('password')
  url.password = createHmac('sha256', password).update(`tater_app:${database}`).digest('hex')
  return url.href
}

/** The program's own login by another way: through a pooler, or at a replica. Of `way` host, port, database and parameters count. */
export function byWayOf(way: string, appUrl: string): string {
  const url = new URL(way)
  const { username, password, pathname } = new URL(appUrl)
  if (url.pathname.length < 2) url.pathname = pathname
  url.username = username
  url.password = password
  for (const name of ['user', 'password']) url.searchParams.delete(name)
  return url.href
}

function databaseOf(url: URL): string {
  const database = decodeURIComponent(url.pathname.slice(1))
  if (database) return database
  throw new StartFailure(
    'DATABASE_URL names no database. Add its name at the end, such as postgres://user:password@host:5432/tater.',
    exitCodes.badSetting,
  )
}

/** PostgreSQL cuts names at 63 bytes, and two long names must not become one role; nor may a database `tater` take the group's name. */
function appRoleOf(database: string): string {
  const role = `${database}_app`
  if (role === 'tater_app') return 'tater_app_login'
  if (Buffer.byteLength(role) <= 63) return role
  return `tater_${createHash('sha256').update(database).digest('hex').slice(0, 32)}_app`
}

async function connectOwner(ownerUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'tater owner', connectionTimeoutMillis: 10_000 })
  // A server that goes away in between rejects the query under way; without a listener it would end the process as well.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    throw cannotConnect(new URL(ownerUrl), error)
  }
}

function cannotConnect(url: URL, error: unknown): unknown {
  const { code, message } = error as { code?: string; message: string }
  const where = `${url.hostname || 'localhost'}:${url.port || 5432}`
  const user = decodeURIComponent(url.username)
  const database = databaseOf(url)
  const fail = (text: string) => new StartFailure(text, exitCodes.databaseUnreachable, { cause: error })
  if (code === '3D000')
    return fail(
      `There is no database "${database}" at ${where}. Create it (createdb -O ${user} ${database}), or mend DATABASE_URL.`,
    )
  if (code === '28P01' || code === '28000')
    return fail(`The database at ${where} refuses user "${user}": ${message}. Mend the user or password in DATABASE_URL.`)
  if (code === '53300')
    return fail(`The database at ${where} has no free connection: ${message}. Raise its max_connections or stop other programs.`)
  if (isUnreachable(error))
    return fail(
      `No database answers at ${where} (${code ?? message}). Check that PostgreSQL runs there and that DATABASE_URL is right.`,
    )
  return fail(`Cannot connect to the database at ${where}: ${message}. Check DATABASE_URL.`)
}

async function requireServerVersion(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ number: number; version: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as version",
  )
  const server = rows[0]!
  if (server.number >= 150_000) return
  throw new StartFailure(
    `The database runs PostgreSQL ${server.version}; the program needs 15 or newer. Upgrade the server, or unset DATABASE_URL to use the embedded one.`,
    exitCodes.incompatible,
  )
}
