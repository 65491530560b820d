/**
 * Writes everything under generated/ and db/schema.sql from the migrated database and the list of operations.
 * `--check` writes nothing and fails when something is out of date.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openDataFolder } from '../platform/data-folder.ts'
import { prepareDatabase } from '../platform/database-owner.ts'
import { startEmbeddedPostgres } from '../platform/embedded-postgres.ts'
import { requireNode } from '../platform/start-failure.ts'
import { schemaDump, tablesModule } from './generate/database.ts'

requireNode()
const root = join(import.meta.dirname, '..')
const check = process.argv.includes('--check')
const stale: string[] = []

function keep(path: string, content: string) {
  const file = join(root, path)
  let before = ''
  try {
    before = readFileSync(file, 'utf8')
  } catch {}
  if (before === content) return
  stale.push(path)
  if (!check) writeFileSync(file, content)
}

await withDatabase(async (owner) => {
  keep('generated/tables.ts', await tablesModule(owner))
  keep('db/schema.sql', await schemaDump(owner))
})
// Operations import the generated tables, so they are read only after those are written.
const { operationFiles } = await import('./generate/operations.ts')
for (const [path, content] of Object.entries(operationFiles())) keep(path, content)

for (const path of stale) console.log(check ? `Out of date: ${path}` : `Wrote ${path}`)
if (check && stale.length > 0) {
  console.error('Run `npm run generate` and commit what it writes.')
  process.exit(1)
}

async function withDatabase(work: (owner: pg.Client) => Promise<void>) {
  const path = mkdtempSync(join(tmpdir(), 'tater-generate-'))
  const folder = openDataFolder(path)
  const postgres = await startEmbeddedPostgres(folder, { settings: ['fsync=off'] })
  try {
    await prepareDatabase(postgres.url)
    const owner = new pg.Client({ connectionString: postgres.url })
    await owner.connect()
    try {
      await work(owner)
    } finally {
      await owner.end()
    }
  } finally {
    await postgres.stop()
    folder.release()
    rmSync(path, { recursive: true, force: true })
  }
}
