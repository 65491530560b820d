import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import { exitCodes, StartFailure } from './start-failure.ts'

export { explainFailure } from './start-failure.ts'

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max)

const isPostgresUrl = (value: string) => URL.canParse(value) && /^postgres(ql)?:$/.test(new URL(value).protocol)

/** An address, a network, or one of the words for well-known networks. */
const isProxy = (text: string) => {
  const [address = '', bits, ...more] = text.split('/')
  const most = isIP(address) === 4 ? 32 : 128
  if (more.length > 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most))) return false
  return isIP(address) > 0 || (bits === undefined && /^(loopback|linklocal|uniquelocal)$/.test(address))
}

/** What a process may do: answer requests, work off the queue. */
export const services = ['server', 'worker'] as const
export type Service = (typeof services)[number]

const isWebOrigin = (value: string) => {
  if (!URL.canParse(value)) return false
  const url = new URL(value)
  return /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username
}

type Setting = {
  /** How the text of the variable becomes a value. */
  parse: z.ZodType<unknown, string>
  /** What the parser takes, in words. */
  accepts: string
  /** What happens when the variable is absent, in words. */
  absent: string
  doc: string
  /** Secrets are never shown, `masked` ones without their password. */
  shown?: 'never' | 'masked'
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** Every setting of the program: one environment variable each, and the source of the page that documents them. */
export const settingsReference = {
  PORT: {
    parse: wholeNumber(1, 65_535),
    accepts: 'a whole number from 1 to 65535',
    absent: '4800; 4801 for a process that only works off jobs',
    doc: 'The port the process listens on: the web server, or the health checks of a worker.',
  },
  TRUSTED_PROXIES: {
    parse: z
      .string()
      .transform((value) => value.split(',').map((each) => each.trim()))
      .refine((proxies) => proxies.every(isProxy)),
    accepts: 'addresses or networks with commas between, such as 10.0.3.7,172.16.0.0/12; also the words loopback and uniquelocal',
    absent: 'loopback',
    doc: 'The reverse proxies whose word about who really asks (X-Forwarded-For) is taken. Wrong passwords are counted by address, so behind a proxy on another machine this must name it.',
  },
  HOST: {
    parse: z.string().regex(/^[0-9A-Za-z.:_-]+$/),
    accepts: 'an IP address or host name of this machine, such as 127.0.0.1, 0.0.0.0 or ::',
    absent: '127.0.0.1',
    doc: 'The address to listen on. 127.0.0.1 is reachable from this machine only; 0.0.0.0 from everywhere, which wants a proxy with TLS in front and PUBLIC_URL set.',
  },
  TATER_DATA: {
    parse: z.string().transform((value) => resolve(value)),
    accepts: 'the path of a folder; a relative one counts from where the program is started',
    absent: './data',
    doc: 'The folder of everything the program keeps: the embedded database, attachments and generated secrets. Back it up as a whole.',
  },
  TATER_SERVICES: {
    parse: z
      .string()
      .transform((value) => value.split(',').map((name) => name.trim()))
      .pipe(z.array(z.enum(services)).min(1))
      .transform((wanted) => services.filter((service) => wanted.includes(service))),
    accepts: 'server, worker, or both with a comma between',
    absent: 'server,worker',
    doc: 'What this process does: answer requests (server), work off background jobs (worker), or both. One alone needs DATABASE_URL.',
  },
  TATER_DRAIN_SECONDS: {
    parse: wholeNumber(0, 600),
    accepts: 'a whole number of seconds from 0 to 600',
    absent: '0',
    doc: 'How long a stopping server still takes requests while /health/ready says 503, so that a load balancer can turn away from it. Longer than the time it takes the balancer to notice.',
  },
  DATABASE_URL: {
    parse: z.string().refine(isPostgresUrl),
    accepts: 'an address such as postgres://user:password@host:5432/database',
    absent: 'an embedded PostgreSQL in the data folder',
    doc: 'A PostgreSQL (15 or newer) to use in place of the embedded one. The user must own the database.',
    shown: 'masked',
  },
  DATABASE_URL_DIRECT: {
    parse: z.string().refine(isPostgresUrl),
    accepts: 'an address such as postgres://user:password@host:5432/database',
    absent: 'DATABASE_URL is direct itself',
    doc: 'The same database past the pooler (PgBouncer in transaction mode) that DATABASE_URL goes through: for migrations, for hearing of changes and for the queue of jobs. Its user must own the database.',
    shown: 'masked',
  },
  DATABASE_URL_REPLICA: {
    parse: z.string().refine(isPostgresUrl),
    accepts: 'an address such as postgres://host:5432/database',
    absent: 'everything is read at the primary',
    doc: 'A streaming replica, for lists, searches, dashboards and exports. Nobody reads there what is older than what they saw; when it is late or away, the primary answers. User and password are those of the program, whatever stands here.',
    shown: 'masked',
  },
  PUBLIC_URL: {
    parse: z
      .string()
      .refine(isWebOrigin)
      .transform((value) => new URL(value).origin),
    accepts: 'an address without a path, such as https://help.example.com',
    absent: 'http://localhost:<PORT>',
    doc: 'The address people type to reach the program. Links in mails, sign-in and cookies depend on it.',
  },
  TATER_SECRET: {
    parse: z.string().min(32),
    accepts: 'a text of at least 32 characters, for example the output of: openssl rand -hex 32',
    absent: 'generated once and kept in secrets.json of the data folder',
    doc: 'Signs sessions and links, and encrypts stored credentials. Set the same one for every server on one database.',
    shown: 'never',
  },
  TATER_LOG: {
    parse: z.enum(logLevels),
    accepts: `one of ${logLevels.join(', ')}`,
    absent: 'info',
    doc: 'How much the program logs.',
  },
  TATER_LOG_REQUESTS: {
    parse: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const),
    accepts: 'one of fatal, error, warn, info, debug, trace',
    absent: 'requests have no lines in the log; those that fail by our fault do',
    doc: 'The level at which each request has one line in the log. It shows where TATER_LOG lets that level through.',
  },
  TATER_METRICS_TOKEN: {
    parse: z.string().regex(/^[\x21-\x7e]{16,}$/),
    accepts: 'at least 16 visible ASCII characters, for example the output of: openssl rand -hex 32',
    absent: '/metrics answers programs on this machine only',
    doc: 'Whoever sends it as "Authorization: Bearer …" may read /metrics, from wherever; nobody else may.',
    shown: 'never',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    parse: z.string().refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? '')),
    accepts: 'the address of a collector that takes OTLP over HTTP, such as http://127.0.0.1:4318',
    absent: 'nothing is traced',
    doc: 'Where traces go: requests, operations and statements, as OTLP/HTTP in JSON. The other OTEL_… variables that are heeded: OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER_ARG.',
  },
  PG_NAMED: {
    parse: z.enum(['0', '1']).transform((value) => value === '1'),
    accepts: '0 or 1',
    absent: '1',
    doc: '0 switches named prepared statements off, which PgBouncer before 1.21 needs in transaction pooling.',
  },
  TATER_ATTACHMENT_MAX_MB: {
    parse: wholeNumber(1, 10_240),
    accepts: 'a whole number of megabytes from 1 to 10240',
    absent: '25',
    doc: 'The largest file somebody may attach.',
  },
  OUTBOUND_HOSTS: {
    parse: z
      .string()
      .regex(/^[\w.:-]+(\s*,\s*[\w.:-]+)*$/)
      .transform((value) => value.split(',').map((host) => host.trim().toLowerCase())),
    accepts: 'host names with commas between, such as keycloak.corp.example.com,10.1.2.3',
    absent: 'requests go to public addresses by https:// only',
    doc: 'Hosts inside a private network that the server may ask although people of an organization name them, such as its own identity provider.',
  },
  ENTRA_CLIENT_ID: {
    parse: z.uuid(),
    accepts: 'the application (client) ID of the app registration, a UUID',
    absent: 'nobody can sign in with Microsoft',
    doc: 'The app registration in Microsoft Entra through which people sign in with Microsoft; see docs/sign-in.md.',
  },
  ENTRA_CLIENT_SECRET: {
    parse: z.string().min(8).max(500),
    accepts: 'the value of a client secret of that app registration',
    absent: 'nobody can sign in with Microsoft',
    doc: 'The client secret that goes with ENTRA_CLIENT_ID.',
    shown: 'never',
  },
  ENTRA_AUTHORITY: {
    parse: z
      .string()
      .refine(isWebOrigin)
      .transform((value) => new URL(value).origin),
    accepts: 'an address without a path, such as https://login.microsoftonline.us',
    absent: 'https://login.microsoftonline.com',
    doc: 'Where Microsoft Entra is, for national clouds.',
  },
  AUDIT_SIGNING_KEY: {
    parse: z.string().refine((value) => value.split(',').every((key) => key.trim().length >= 32)),
    accepts:
      'a text of at least 32 characters without a comma, for example the output of: openssl rand -hex 32; several, separated by commas',
    absent: 'entries are not signed',
    doc: 'Signs each entry of the activity log, so that whoever knows the key can tell that an export was not altered. For a new key write it first and the old ones after it, separated by commas.',
    shown: 'never',
  },
} satisfies Record<string, Setting>

/** The settings as the program uses them. */
export type Settings = Readonly<{
  port: number
  host: string
  trustedProxies: readonly string[]
  /** Absolute path of the data folder. */
  dataFolder: string
  services: readonly Service[]
  drainSeconds: number
  /** Absent: use the embedded PostgreSQL. */
  databaseUrl: string | undefined
  /** Present only when `databaseUrl` goes through a pooler. */
  databaseUrlDirect: string | undefined
  databaseUrlReplica: string | undefined
  /** An origin, without a slash at the end. */
  publicUrl: string
  /** Absent: take `dataFolder.secret('secret')`. */
  secret: string | undefined
  logLevel: (typeof logLevels)[number]
  /** At which level requests are logged; absent: not at all. */
  logRequests: Exclude<(typeof logLevels)[number], 'silent'> | undefined
  metricsToken: string | undefined
  otlpEndpoint: string | undefined
  namedStatements: boolean
  attachmentMaxBytes: number
  outboundHosts: readonly string[]
  /** Absent unless id and secret are both set. */
  entra: Readonly<{ clientId: string; clientSecret: string; authority: string }> | undefined
  auditSigningKey: string | undefined
}>

/** Reads the settings from the environment. Throws a StartFailure that names every malformed one. */
export function readSettings(environment: Record<string, string | undefined> = process.env): Settings {
  const complaints: string[] = []
  const read = <Name extends keyof typeof settingsReference>(name: Name) => {
    type Value = z.output<(typeof settingsReference)[Name]['parse']>
    const text = environment[name]?.trim()
    // `PORT= npm start` and an empty line in an env file both mean "not set".
    if (!text) return undefined
    const parsed = settingsReference[name].parse.safeParse(text)
    if (parsed.success) return parsed.data as Value
    complaints.push(complaint(name, settingsReference[name], text))
    return undefined
  }

  const services = read('TATER_SERVICES') ?? (['server', 'worker'] as const)
  const port = read('PORT') ?? (services.includes('server') ? 4800 : 4801)
  const settings: Settings = {
    port,
    host: read('HOST') ?? '127.0.0.1',
    trustedProxies: read('TRUSTED_PROXIES') ?? ['loopback'],
    dataFolder: read('TATER_DATA') ?? resolve('data'),
    databaseUrl: read('DATABASE_URL'),
    databaseUrlDirect: read('DATABASE_URL_DIRECT'),
    databaseUrlReplica: read('DATABASE_URL_REPLICA'),
    services,
    drainSeconds: read('TATER_DRAIN_SECONDS') ?? 0,
    publicUrl: read('PUBLIC_URL') ?? `http://localhost:${services.includes('server') ? port : 4800}`,
    secret: read('TATER_SECRET'),
    logLevel: read('TATER_LOG') ?? 'info',
    logRequests: read('TATER_LOG_REQUESTS'),
    metricsToken: read('TATER_METRICS_TOKEN'),
    otlpEndpoint: read('OTEL_EXPORTER_OTLP_ENDPOINT'),
    namedStatements: read('PG_NAMED') ?? true,
    attachmentMaxBytes: (read('TATER_ATTACHMENT_MAX_MB') ?? 25) * 1024 * 1024,
    outboundHosts: read('OUTBOUND_HOSTS') ?? [],
    entra: entraFrom(read('ENTRA_CLIENT_ID'), read('ENTRA_CLIENT_SECRET'), read('ENTRA_AUTHORITY'), complaints),
    auditSigningKey: read('AUDIT_SIGNING_KEY'),
  }
  for (const name of ['DATABASE_URL_DIRECT', 'DATABASE_URL_REPLICA'] as const)
    if (environment[name]?.trim() && !environment.DATABASE_URL?.trim())
      complaints.push(`${name} goes with DATABASE_URL, which is missing.`)
  if (services.length < 2 && !environment.DATABASE_URL?.trim())
    complaints.push(
      `TATER_SERVICES "${services}" needs DATABASE_URL: the embedded database serves one process. Set DATABASE_URL to the PostgreSQL that all processes share, or leave TATER_SERVICES out.`,
    )
  if (complaints.length > 0) throw new StartFailure(complaints.join('\n'), exitCodes.badSetting)
  return settings
}

function entraFrom(
  clientId: string | undefined,
  clientSecret: string | undefined,
  authority = 'https://login.microsoftonline.com',
  complaints: string[],
) {
  if (clientId && clientSecret) return { clientId, clientSecret, authority }
  if (clientId || clientSecret)
    complaints.push(
      `ENTRA_CLIENT_ID and ENTRA_CLIENT_SECRET go together, and ${clientId ? 'ENTRA_CLIENT_SECRET' : 'ENTRA_CLIENT_ID'} is missing.`,
    )
  return undefined
}

function complaint(name: string, setting: Setting, text: string): string {
  return `${name}${shownValue(setting, text)} is not valid. It takes ${setting.accepts}. Without it: ${setting.absent}.`
}

function shownValue(setting: Setting, text: string): string {
  if (setting.shown === 'never') return ` (${text.length} characters, not shown)`
  // Without a host it is a mistyped address, and nobody can tell where its password begins.
  if (setting.shown === 'masked')
    return URL.parse(text)?.host ? ` "${withoutPassword(text)}"` : ' (not shown: it may hold a password)'
  return ` "${text}"`
}

/** A database address that may be shown: the password, if any, is replaced. */
export function withoutPassword(address: string): string {
  const url = new URL(address)
  if (url.password) url.password = '***'
  // pg also takes the password as a query parameter.
  if (url.searchParams.has('password')) url.searchParams.set('password', '***')
  return url.href
}
