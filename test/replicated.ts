/** A primary with a streaming replica, for tests; the replica may be stopped and started. */
import { spawnSync } from 'node:child_process'
import { appendFileSync, copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { type DataFolder, openDataFolder } from '../platform/data-folder.ts'
import { startEmbeddedPostgres } from '../platform/embedded-postgres.ts'

/** A power cut may ruin a test run; and enough of the log is kept that a replica finds what it missed. */
const settings = ['fsync=off', 'full_page_writes=off', 'wal_keep_size=512MB', 'max_connections=150', 'shared_buffers=128MB']

export type Databases = Awaited<ReturnType<typeof startDatabases>>

/** Starts both in folders below `path`. */
export async function startDatabases(path: string) {
  const folders: DataFolder[] = []
  const open = (name: string) => {
    const folder = openDataFolder(join(path, name))
    folders.push(folder)
    return folder
  }
  const [own, copy] = [open('primary'), open('replica')]
  // A cluster at rest is a whole backup of itself.
  await (await startEmbeddedPostgres(own)).stop()
  copyFileSync(join(own.path, 'secrets.json'), join(copy.path, 'secrets.json'))
  if (spawnSync('cp', ['-a', own.postgres, copy.postgres]).status !== 0) throw new Error('The cluster could not be copied')
  const primary = await startEmbeddedPostgres(own, { settings })
  const { hostname, port, username, password } = new URL(primary.url)
  const way = `host=${hostname} port=${port} user=${username} password=${decodeURIComponent(password)}`
  appendFileSync(join(copy.postgres, 'postgresql.auto.conf'), `primary_conninfo = '${way}'\n`)
  writeFileSync(join(copy.postgres, 'standby.signal'), '')
  const start = () => startEmbeddedPostgres(copy, { settings })
  let replica = await start()
  return {
    ownerUrl: primary.url,
    replicaUrl: () => replica.url,
    stopReplica: () => replica.stop(),
    async startReplica() {
      replica = await start()
    },
    /** As the superuser, at the primary or at the replica. */
    ask: async <Row extends pg.QueryResultRow>(where: 'primary' | 'replica', text: string, values: unknown[] = []) => {
      const client = new pg.Client({ connectionString: where === 'primary' ? primary.url : replica.url })
      await client.connect()
      try {
        return (await client.query<Row>(text, values)).rows
      } finally {
        await client.end()
      }
    },
    async stop() {
      await replica.stop()
      await primary.stop()
      for (const folder of folders) folder.release()
    },
  }
}
