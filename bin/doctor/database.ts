/** The doctor looks at PostgreSQL: version, safety, migrations, clock, who may do what, and whether changes are heard. */
import pg from 'pg'
import { listen } from '../../platform/listen.ts'
import { liveChannel } from '../../platform/live.ts'
import { appliedMigrations, checkHistory, readMigrations } from '../../platform/migrations.ts'
import { type Finding, note, problem, warning, well } from './finding.ts'

export async function* serverFindings(owner: pg.Client): AsyncGenerator<Finding> {
  const { rows } = await owner.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings where name = any ('{server_version,server_version_num,fsync,full_page_writes,synchronous_commit,autovacuum}')`,
  )
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]))
  const version = settings.get('server_version')
  if (Number(settings.get('server_version_num')) >= 150_000) yield well('database.version', `PostgreSQL ${version}.`)
  else
    yield problem(
      'database.version',
      `PostgreSQL ${version} is too old.`,
      'The program needs 15 or newer.',
      'Upgrade the server.',
    )
  const unsafe = ['fsync', 'full_page_writes', 'synchronous_commit'].filter((name) => settings.get(name) === 'off')
  if (unsafe.length > 0)
    yield problem(
      'database.durable',
      `${unsafe.join(', ')} ${unsafe.length === 1 ? 'is' : 'are'} off.`,
      'After a power cut acknowledged changes are lost, or the whole database is.',
      'Switch them on in postgresql.conf.',
    )
  else yield well('database.durable', 'What is acknowledged is on the disk.')
  if (settings.get('autovacuum') === 'off')
    yield problem(
      'database.vacuum',
      'autovacuum is off.',
      'Tables grow without end, lists get slow, and PostgreSQL stops in the end.',
      'Switch it on in postgresql.conf.',
    )
  const { rows: age } = await owner.query<{ age: number }>(
    'select age(datfrozenxid) from pg_database where datname = current_database()',
  )
  if (age[0]!.age > 1_000_000_000)
    yield warning(
      'database.age',
      `The oldest transaction is ${age[0]!.age.toLocaleString('en')} transactions ago.`,
      'At 2 billion PostgreSQL takes no more writes.',
      'Look for a transaction or replication slot that was left open, then run vacuum.',
    )
  yield await clockFinding(owner)
  yield await migrationFinding(owner)
}

async function clockFinding(owner: pg.Client): Promise<Finding> {
  const asked = Date.now()
  const { rows } = await owner.query<{ now: number }>('select extract(epoch from clock_timestamp())::float8 * 1000 as now')
  return clockVerdict(rows[0]!.now - (asked + Date.now()) / 2)
}

/** @param offMs how far the clock of the database is ahead of this machine's */
export function clockVerdict(offMs: number): Finding {
  const what = `The clocks of this machine and of PostgreSQL differ by ${(Math.abs(offMs) / 1000).toFixed(1)} s.`
  if (Math.abs(offMs) < 2_000) return well('database.clock', what)
  const make = Math.abs(offMs) > 30_000 ? problem : warning
  return make(
    'database.clock',
    what,
    'Sessions, keys and SLA clocks are judged by both: they end too early or too late.',
    'Let both machines take the time from the network (chrony, systemd-timesyncd).',
  )
}

async function migrationFinding(owner: pg.Client): Promise<Finding> {
  const known = readMigrations()
  const applied = await appliedMigrations(owner)
  try {
    checkHistory(applied, known)
  } catch (error) {
    return problem(
      'database.migrations',
      (error as Error).message,
      'The program does not start on this database.',
      'Do what the sentence says.',
    )
  }
  const missing = known.slice(applied.length)
  if (missing.length === 0) return well('database.migrations', `All ${known.length} migrations are applied.`)
  return note(
    'database.migrations',
    `${missing.length} migrations are not applied yet, from ${missing[0]!.name} on.`,
    'Servers that run are of an earlier version.',
    'Nothing: the next server that starts applies them.',
  )
}

export async function* rightsFindings(owner: pg.Client, appRole: string): AsyncGenerator<Finding> {
  const ask = async (sql: string, values: unknown[] = []) =>
    (await owner.query<{ what: string }>(sql, values)).rows.map(({ what }) => what)
  const unforced = await ask(
    `select c.oid::regclass::text as what from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped)
       and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid))
     order by 1`,
  )
  const leak = 'One organization could read the data of another.'
  if (unforced.length > 0)
    yield problem(
      'rights.row-security',
      `Row security is not forced on ${unforced.join(', ')}.`,
      leak,
      unforced
        .map((table) => `alter table ${table} enable row level security; alter table ${table} force row level security;`)
        .join(' '),
    )
  else yield well('rights.row-security', 'Row security is forced on every table with data of organizations.')
  const powers = await ask(
    `select rolname || ' may ' || power as what from pg_roles,
       lateral (values ('do everything', rolsuper), ('pass row security', rolbypassrls), ('make roles', rolcreaterole), ('make databases', rolcreatedb), ('replicate', rolreplication)) p(power, has)
     where rolname in ($1, 'tater_app') and has
     union all select 'tater_lookup may sign in' from pg_roles where rolname = 'tater_lookup' and rolcanlogin
     union all select m.member::regrole || ' is a member of ' || m.roleid::regrole from pg_auth_members m
       where m.member::regrole::text in (quote_ident($1), 'tater_app') and m.roleid::regrole::text <> 'tater_app'
     union all select $1 || ' owns ' || c.oid::regclass from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname in ($1, 'tater_app')`,
    [appRole],
  )
  if (powers.length > 0)
    yield problem(
      'rights.roles',
      `${powers.join('; ')}.`,
      leak,
      'Take these rights away (alter role … / revoke …); the program needs none of them.',
    )
  else yield well('rights.roles', `${appRole} owns nothing and may not pass row security.`)
  const tampering = await ask(
    `select 'tater_app may ' || lower(privilege) || ' ' || name as what from (values ('events'), ('provider_access')) t(name),
       (values ('UPDATE'), ('DELETE'), ('TRUNCATE')) p(privilege)
     where to_regclass('public.' || name) is not null and has_table_privilege('tater_app', 'public.' || name, privilege)
     union all select 'everybody may ' || lower(a.privilege_type) || ' ' || c.oid::regclass from pg_class c, lateral aclexplode(c.relacl) a
       where c.relnamespace in ('public'::regnamespace, to_regnamespace('auth')) and c.relkind in ('r', 'p') and a.grantee = 0
     union all select p.oid::regprocedure || ' passes row security with the search path of its caller' from pg_proc p
       where p.pronamespace = 'public'::regnamespace and p.prosecdef and coalesce(array_to_string(p.proconfig, ','), '') not like '%search_path=%'`,
  )
  if (tampering.length > 0)
    yield problem(
      'rights.grants',
      `${tampering.join('; ')}.`,
      'Activity could be rewritten, or data read past the policies.',
      'Revoke it; no migration of this product grants it.',
    )
  else yield well('rights.grants', 'Activity can be added to and read, not changed.')
}

const patienceMs = 5_000

/** Says something on the channel of live pages and waits to hear it, as a server does. */
export async function listenerFinding(appUrl: string): Promise<Finding> {
  const said = `{"from":"doctor ${process.pid}","happenings":[]}`
  const { promise: heard, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), patienceMs)
  const speaker = new pg.Client({ connectionString: appUrl, application_name: 'tater doctor' })
  speaker.on('error', () => {})
  const ears = listen(appUrl, [liveChannel], {
    heard: (_channel, payload) => payload === said && resolve(true),
    silent: () => resolve(false),
    listening: (yes) => {
      if (yes) speaker.query('select pg_notify($1, $2)', [liveChannel, said]).catch(() => resolve(false))
    },
  })
  try {
    await speaker.connect()
    if (await heard) return well('database.listen', 'Changes are heard by other processes.')
    return problem(
      'database.listen',
      'A notification was sent and not heard.',
      'Live pages go stale, and rights that are taken away last up to a minute.',
      'A transaction pooler cannot pass notifications on: set DATABASE_URL_DIRECT to the address past it.',
    )
  } finally {
    clearTimeout(timer)
    await ears.stop()
    await speaker.end().catch(() => {})
  }
}
