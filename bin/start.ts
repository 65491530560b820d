/** Starts everything one process needs, in order, and says how to stop it again. */
import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { startProduct } from '../doors/product.ts'
import { openDataFolder } from '../platform/data-folder.ts'
import { startEmbeddedPostgres } from '../platform/embedded-postgres.ts'
import { readSettings } from '../platform/settings.ts'
import { giveBackMemory } from '../platform/settle.ts'
import { prepareShutdown } from '../platform/shutdown.ts'
import { explainFailure } from '../platform/start-failure.ts'

const root = join(import.meta.dirname, '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }

type StartOptions = {
  /** Done after the database is ready and before the port opens. */
  prepare?(parts: Parts): Promise<void>
}
type Parts = {
  folder: ReturnType<typeof openDataFolder>
  settings: ReturnType<typeof readSettings>
  ownerUrl: string
  secret: string
  version: string
}

/** Reads the settings, opens the data folder, starts the database and the product, and listens. */
export async function start({ prepare }: StartOptions = {}) {
  const settings = readSettings()
  const drainMs = settings.drainSeconds * 1000
  const shutdown = prepareShutdown({ deadline: 15_000 + drainMs })
  try {
    const folder = openDataFolder(settings.dataFolder, { shared: settings.databaseUrl !== undefined })
    shutdown.add('data folder', folder.release)
    const isServer = settings.services.includes('server')
    if (isServer) buildWebIfNeeded()
    const embedded = settings.databaseUrl
      ? undefined
      : await startEmbeddedPostgres(folder, {
          say: console.error,
          onCrash: console.error,
          onGiveUp: () => shutdown.run('the database is lost', 69),
        })
    if (embedded) shutdown.add('database', embedded.stop)
    const ownerUrl = settings.databaseUrlDirect ?? settings.databaseUrl ?? embedded!.url
    const secret = settings.secret ?? folder.secret('secret')
    // The same at every server that signs with this secret: whichever prints the link, any of them takes it.
    const setupToken = createHmac('sha256', secret).update('the link of the first start').digest('base64url')
    await prepare?.({ folder, settings, ownerUrl, secret, version })
    const product = await startProduct({
      ownerUrl,
      poolerUrl: settings.databaseUrlDirect && settings.databaseUrl,
      replicaUrl: settings.databaseUrlReplica,
      secret,
      attachmentsFolder: folder.attachments,
      publicUrl: settings.publicUrl,
      namedStatements: settings.namedStatements,
      attachmentMaxBytes: settings.attachmentMaxBytes,
      auditSigningKey: settings.auditSigningKey,
      logLevel: settings.logLevel,
      logRequests: settings.logRequests,
      metricsToken: settings.metricsToken,
      ...(settings.otlpEndpoint && { traces: process.env }),
      trustedProxies: settings.trustedProxies,
      version,
      outboundHosts: settings.outboundHosts,
      entra: settings.entra,
      services: settings.services,
      setupToken,
    })
    shutdown.add('server', async () => {
      product.drain()
      if (isServer) await wait(drainMs)
      await product.stop()
    })
    await product.app.listen({ port: settings.port, host: settings.host })
    giveBackMemory()
    const health = `http://${settings.host}:${settings.port}/health/ready`
    console.log(`TATER Ops ${version} ${isServer ? `is at ${settings.publicUrl}` : `works off jobs; its health is at ${health}`}`)
    const setupLink = isServer && !product.isSetUp() ? `${settings.publicUrl}/setup?token=${setupToken}` : null
    return { product, folder, settings, shutdown, setupLink }
  } catch (error) {
    const { message, exitCode } = explainFailure(error)
    console.error(message)
    await shutdown.run('the start failed', exitCode)
    throw error
  }
}

/** The web app is built once, and again when a source is newer than what was built. */
function buildWebIfNeeded() {
  const built = join(root, 'dist', 'web', 'index.html')
  const sources = globSync(['web/**/*', 'modules/**/*.{ts,tsx}', 'platform/**/*.{ts,tsx}', 'vite.config.ts'], { cwd: root })
  if (sources.length === 0 || process.env.TATER_BUILD_WEB === '0') return
  const builtAt = existsSync(built) ? statSync(built).mtimeMs : 0
  if (sources.every((file) => statSync(join(root, file)).mtimeMs <= builtAt)) return
  console.log('Building the web app …')
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
}
