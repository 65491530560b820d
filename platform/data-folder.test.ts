import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startProgram, temporaryFolder } from '../test/programs.ts'
import { openDataFolder } from './data-folder.ts'
import type { StartFailure } from './start-failure.ts'

const folder = temporaryFolder()
const holder = join(import.meta.dirname, 'data-folder.fixture.ts')

const modeOf = (path: string) => statSync(path).mode & 0o777

function refused(path: string): StartFailure {
  try {
    openDataFolder(path).release()
  } catch (error) {
    return error as StartFailure
  }
  throw new Error('The folder was accepted')
}

test('makes what is missing, closed to others', () => {
  const data = openDataFolder(join(folder, 'deep', 'data'))
  // Root lets the database's user pass through; nobody may list or write.
  expect(modeOf(data.path)).toBe(process.getuid?.() === 0 ? 0o711 : 0o700)
  expect(modeOf(data.attachments)).toBe(0o700)
  data.release()
})

test('keeps secrets across starts, in a file for the owner only', () => {
  const path = join(folder, 'secrets')
  const first = openDataFolder(path)
  const made = first.secret('secret')
  expect(made).toMatch(/^[0-9a-f]{64}$/)
  first.keep('port', '1')
  first.keep('port', '2')
  first.release()

  const second = openDataFolder(path)
  expect(second.secret('secret')).toBe(made)
  expect(second.secret('port', () => 'another')).toBe('2')
  expect(modeOf(join(path, 'secrets.json'))).toBe(0o600)
  expect(readdirSync(path)).not.toContain('secrets.json.new')
  second.release()
})

test('a rest of an interrupted write does no harm', () => {
  const path = join(folder, 'interrupted')
  mkdirSync(path)
  writeFileSync(join(path, 'secrets.json.new'), '{"secr')
  const data = openDataFolder(path)
  data.keep('a', 'b')
  expect(JSON.parse(readFileSync(join(path, 'secrets.json'), 'utf8'))).toEqual({ a: 'b' })
  data.release()
})

test('damaged secrets are not replaced by new ones', () => {
  const path = join(folder, 'damaged')
  mkdirSync(path)
  writeFileSync(join(path, 'secrets.json'), '{')
  const data = openDataFolder(path)
  expect(() => data.secret('secret')).toThrow(/Cannot read .*secrets\.json.*restore it from a backup/)
  data.release()
})

test('two servers cannot use one folder, and the second learns who has it', async () => {
  const path = join(folder, 'shared')
  const first = startProgram(holder, [path])
  await first.says('holds it')
  const { message, exitCode } = refused(path)
  expect(exitCode).toBe(75)
  expect(message).toContain(`Another server (process ${first.child.pid}) already uses the data folder ${path}`)
  expect(message).toContain('TATER_DATA')

  first.child.kill('SIGKILL')
  await first.ended
  openDataFolder(path).release()
})

test('of several servers started after a kill exactly one gets the folder', async () => {
  const path = join(folder, 'race')
  const killed = startProgram(holder, [path])
  await killed.says('holds it')
  killed.child.kill('SIGKILL')
  await killed.ended

  const rivals = Array.from({ length: 4 }, () => startProgram(holder, [path]))
  const results = await Promise.all(
    rivals.map((rival) =>
      Promise.race([
        rival.says('holds it').then(
          () => 'holds it',
          () => 75,
        ),
        rival.ended,
      ]),
    ),
  )
  expect(results.toSorted()).toEqual([75, 75, 75, 'holds it'])
  for (const rival of rivals) rival.child.kill('SIGKILL')
  await Promise.all(rivals.map((rival) => rival.ended))
})

test('processes that share a folder agree on its secrets, whoever comes first', async () => {
  const path = join(folder, 'several')
  const sharers = Array.from({ length: 4 }, () => startProgram(holder, [path, 'shared']))
  const secrets = await Promise.all(sharers.map((sharer) => sharer.says('secret')))
  expect(new Set(secrets).size).toBe(1)
  for (const sharer of sharers) sharer.child.kill('SIGKILL')
  await Promise.all(sharers.map((sharer) => sharer.ended))
  const data = openDataFolder(path)
  expect(data.secret('secret')).toBe(secrets[0])
  data.release()
})

test('a file in the place of the folder is explained', () => {
  const path = join(folder, 'file')
  writeFileSync(path, '')
  for (const place of [path, join(path, 'below')]) {
    const { message, exitCode } = refused(place)
    expect(exitCode).toBe(73)
    expect(message).toMatch(/TATER_DATA/)
  }
})
