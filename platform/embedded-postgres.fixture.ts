/**
 * A program with an embedded database, to be killed: it writes one row after the other and says each one PostgreSQL has confirmed.
 * With `idle` it waits; SIGINT lets it use the database once more before it stops.
 */
import pg from 'pg'
import { openDataFolder } from './data-folder.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'

const [path = '', mode] = process.argv.slice(2)
const folder = openDataFolder(path)
console.log('folder')
const postgres = await startEmbeddedPostgres(folder)
const client = new pg.Client(postgres.url)
client.on('error', () => {})
await client.connect()
await client.query('create table if not exists kept (n int primary key)')
const ready = () => console.log(`pid ${postgres.pid()}`)

if (mode === 'idle') {
  const alive = setInterval(() => {}, 1000)
  process.once('SIGINT', async () => {
    clearInterval(alive)
    await client.query('insert into kept values (-1)')
    await client.end()
    await postgres.stop()
    folder.release()
    console.log('drained')
  })
  ready()
} else if (mode === 'throw') {
  throw new Error('on purpose')
} else {
  ready()
  for (let n = 1; ; n++) {
    await client.query('insert into kept values ($1)', [n])
    console.log(`row ${n}`)
  }
}
