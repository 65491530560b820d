/**
 * The running product: database, queue, identities, doors. `npm start`, `npm run demo`, the command line and the tests
 * all start it here, so that there is one way it is put together.
 */
import type { FastifyInstance, LogLevel } from 'fastify'
import pg from 'pg'
import { agentGate, mcpAddress } from '../modules/agents/operations.ts'
import { accounts } from '../modules/identity/accounts.ts'
import { identifier, identityChannel, onIdentityChange } from '../modules/identity/identify.ts'
import { endUnfounded } from '../modules/identity/operations/unfounded.ts'
import { noteSecurity, superAdminExists, systemCaller } from '../modules/identity/operations.ts'
import { signInThrottle } from '../modules/identity/throttle.ts'
import { operations, subscribers } from '../modules/index.ts'
import { openDatabase, surviveLostConnections } from '../platform/database.ts'
import { byWayOf, prepareDatabase } from '../platform/database-owner.ts'
import { executor, type Runtime } from '../platform/execute.ts'
import { listen } from '../platform/listen.ts'
import { liveBus, liveChannel } from '../platform/live.ts'
import { outbound } from '../platform/outbound.ts'
import { type Job, openQueue, prepareQueue } from '../platform/queue.ts'
import { openReplica } from '../platform/replica.ts'
import { services as allServices, type Service, type Settings } from '../platform/settings.ts'
import { keysIn } from '../platform/signature.ts'
import { folderStorage } from '../platform/storage.ts'
import { buildApp } from './app.ts'
import { buildWorkerApp } from './health.ts'
import { jobs as allJobs } from './jobs.ts'

export type ProductOptions = {
  /** Address of the database as its owner; a direct connection. */
  ownerUrl: string
  /** The way to the same database through a transaction pooler. */
  poolerUrl?: string | undefined
  /** The way to a streaming replica of it. */
  replicaUrl?: string | undefined
  attachmentsFolder: string
  publicUrl: string
  /** Signs session cookies; at least 32 characters. */
  secret: string
  namedStatements?: boolean
  attachmentMaxBytes?: number
  logLevel?: string
  /** At which level each request has a line in the log; not at all when absent. */
  logRequests?: LogLevel | undefined
  /** Where the log goes; standard output when absent. */
  logTo?: { write(line: string): void }
  metricsToken?: string | undefined
  /** The OTEL_… variables; nothing is traced without them. */
  traces?: Record<string, string | undefined>
  /** Reverse proxies whose word about who asks is taken; those on this machine when absent. */
  trustedProxies?: readonly string[]
  version: string
  /** AUDIT_SIGNING_KEY: the first signs. */
  auditSigningKey?: string | undefined
  /** The app registration for signing in with Microsoft. */
  entra?: Settings['entra']
  /** Hosts inside a private network that operations may ask. */
  outboundHosts?: readonly string[]
  /** What this process does; everything when absent. */
  services?: readonly Service[]
  setupToken?: string
  checkOutput?: boolean
  /** Another clock, for demo data. */
  now?: () => Date
}

/** Prepares the database and puts the product together; `app.listen` opens the port. */
export async function startProduct(options: ProductOptions) {
  const { services = allServices } = options
  const say = (error: Error) => console.error(`In the background: ${error.message}`)
  const { appUrl } = await prepareDatabase(options.ownerUrl)
  await prepareQueue(options.ownerUrl, allJobs)
  const poolUrl = options.poolerUrl ? byWayOf(options.poolerUrl, appUrl) : appUrl
  const named = options.namedStatements ?? true
  const database = openDatabase({ url: poolUrl, named })
  const replica = options.replicaUrl ? openReplica(database, { url: byWayOf(options.replicaUrl, appUrl), named }) : undefined
  // Not even loaded where nobody looks.
  const traces = options.traces && (await import('../platform/tracing.ts')).tracing(options.traces, options.version)
  traces?.statements(database.pool)
  const accountsPool = new pg.Pool({ connectionString: poolUrl, max: 4, application_name: 'tater sign-in' })
  surviveLostConnections(accountsPool)
  const who = identifier({ database, secret: options.secret, resource: mcpAddress(options.publicUrl) })
  const live = liveBus(database.pool)
  const listener = listen(appUrl, [identityChannel, liveChannel], {
    heard: (channel, payload) => (channel === liveChannel ? live.heard(payload) : who.forget()),
    listening: (yes) => {
      who.listening(yes)
      live.listening(yes)
    },
    silent: () => database.abandon(),
  })
  const queue = await openQueue(appUrl, services.includes('worker'), say)
  const gate = agentGate(database)
  const wayOut = outbound(options.outboundHosts)
  const ask = traces?.outbound(wayOut) ?? wayOut
  const runtime: Runtime = {
    database,
    ...(replica && { replica }),
    gate,
    enqueue: queue.enqueue,
    publicUrl: options.publicUrl,
    ...(options.auditSigningKey && { auditKey: keysIn(options.auditSigningKey)[0]! }),
    subscribers,
    secret: options.secret,
    outbound: ask,
    published: live.publish,
    ...(options.checkOutput && { checkOutput: true }),
    ...(options.now && { now: options.now }),
  }
  const path = executor(runtime)
  const execute = traces?.operations(path) ?? path
  await execute(endUnfounded, systemCaller(null), {})
  const storage = folderStorage(options.attachmentsFolder)
  const signIn = accounts({
    pool: accountsPool,
    baseUrl: options.publicUrl,
    secret: options.secret,
    noted: (note) => noteSecurity({ database, execute }, note).catch(say),
  })

  let draining = false
  const ready = () => !draining
  const metrics = {
    database,
    version: options.version,
    metricsToken: options.metricsToken,
    liveStreams: live.listeners,
    listening: listener.isListening,
  }
  const logLevel = options.logLevel ?? 'warn'
  let setUp = await superAdminExists(database)
  // The set-up may be done at another server.
  const stopWatching = onIdentityChange(async () => {
    setUp ||= await superAdminExists(database).catch(() => false)
  })
  const webApp = () =>
    buildApp({
      operations,
      execute,
      gate,
      database,
      identifier: who,
      accounts: signIn,
      throttle: signInThrottle(database, options.secret),
      storage,
      live,
      entra: options.entra ?? null,
      secret: options.secret,
      outbound: ask,
      publicUrl: options.publicUrl,
      version: options.version,
      attachmentMaxBytes: options.attachmentMaxBytes ?? 25 * 2 ** 20,
      logLevel,
      logRequests: options.logRequests ?? null,
      logTo: options.logTo,
      traces: traces ?? null,
      metrics,
      trustedProxies: options.trustedProxies ?? ['loopback'],
      setupToken: () => (setUp ? null : (options.setupToken ?? null)),
      setUpDone: () => {
        setUp = true
      },
      ready,
    })
  const app: FastifyInstance = services.includes('server')
    ? await webApp()
    : buildWorkerApp({ database, ready, logLevel, metrics })
  if (services.includes('worker'))
    await queue.work(
      allJobs.map(
        (job): Job => ({ queue: job.queue, run: (data, signal) => job.run({ execute, storage, database }, data, signal) }),
      ),
    )

  return {
    app,
    execute,
    database,
    storage,
    isSetUp: () => setUp,
    /** From now on the process is not ready: load balancers turn away, connections end with their next answer. */
    drain() {
      draining = true
    },
    /** No new requests, those under way finish, then everything is closed. */
    async stop() {
      draining = true
      await app.close()
      await queue.stop()
      stopWatching()
      await live.stop()
      await listener.stop()
      await accountsPool.end()
      await replica?.close()
      await database.close()
      await traces?.stop()
    },
  }
}
