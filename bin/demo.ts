/** `npm run demo`: the product with an embedded database and something to look at. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { explainFailure, requireNode } from '../platform/start-failure.ts'

try {
  requireNode()
  const [{ start }, { seedDemo }] = await Promise.all([import('./start.ts'), import('./demo/seed.ts')])
  const { folder, settings } = await start({
    async prepare({ folder, settings, ownerUrl, secret }) {
      const file = join(folder.path, 'demo.json')
      if (existsSync(file)) return
      console.log('Filling the database with demo data …')
      const demo = await seedDemo(ownerUrl, settings.publicUrl, secret)
      writeFileSync(file, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 })
    },
  })
  introduce(join(folder.path, 'demo.json'), settings.publicUrl)
} catch (error) {
  const { message, exitCode } = explainFailure(error)
  console.error(message)
  process.exit(exitCode)
}

/** Address and sign-ins; the address may have changed since the data was made. */
function introduce(file: string, url: string) {
  const demo = JSON.parse(readFileSync(file, 'utf8')) as import('./demo/seed.ts').Demo
  if (demo.url !== url) writeFileSync(file, `${JSON.stringify({ ...demo, url }, null, 2)}\n`, { mode: 0o600 })
  const people = demo.users.filter((user, index, all) => all.findIndex((other) => other.email === user.email) === index)
  const width = Math.max(...people.map((user) => user.email.length))
  console.log(`\nSign in at ${url} with the password ${demo.users[0]!.password} as`)
  for (const user of people) console.log(`  ${user.email.padEnd(width)}  ${user.role}, ${user.organization}`)
  console.log(`\nAPI keys for every organization and role are in ${file}\nStop with Ctrl-C.`)
}
