/** `tater import`: a file through the API of the running server, like any other client. */
import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Import, ImportPreview } from '../../modules/imports/contract.ts'
import { exits, Failure, number, readArguments, seconds, usage } from './command.ts'
import { readText } from './profile-file.ts'
import { type Server, serverOf } from './server.ts'

const command = 'tater import'

export async function importFile(args: string[]): Promise<number> {
  const options = {
    kind: string,
    profile: string,
    mapping: string,
    url: string,
    key: string,
    json: { type: 'boolean', default: false },
  } as const
  const { values, positionals } = readArguments(command, args, options, 1)
  const [file] = positionals
  if (!file) throw usage('Which file? tater import FILE --kind servicenow|csv', command)
  if (values.kind !== 'csv' && values.kind !== 'servicenow')
    throw usage('What is the file? Give --kind servicenow or --kind csv.', command)
  const server = serverOf(values, command)
  const began = performance.now()
  const told = values.mapping === undefined ? null : readMapping(values.mapping)
  const uploaded = await upload(server, file, values.kind)
  const mapping = told?.mapping ?? (values.kind === 'csv' ? await matched(server, uploaded, values.profile) : {})
  await server.send('POST', `/api/imports/${uploaded.id}/start`, {
    mapping,
    values: told?.values ?? {},
    ...(values.profile && { profileId: values.profile }),
  })
  const done = await watch(server, uploaded.id)
  if (values.json) console.log(JSON.stringify(done))
  else await report(server, done, performance.now() - began)
  return done.status === 'finished' && done.failedCount === 0 ? exits.done : exits.no
}

const string = { type: 'string' } as const

type Told = { mapping: Record<string, string>; values: Record<string, Record<string, string>> }

function readMapping(file: string): Told {
  try {
    const read = JSON.parse(readText(file, 'mapping')) as Record<string, unknown>
    return typeof read.mapping === 'object'
      ? ({ values: {}, ...(read as Partial<Told>) } as Told)
      : { mapping: read as Told['mapping'], values: {} }
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(`${file} is not JSON: ${(error as Error).message}`)
  }
}

async function upload(server: Server, file: string, kind: string): Promise<Import> {
  const form = new FormData()
  form.append('kind', kind)
  try {
    // Read from the disk while it is sent, so a large file needs no memory.
    form.append('file', await openAsBlob(file), basename(file))
  } catch {
    throw new Failure(`There is no file ${file} that can be read.`)
  }
  return (await server.send('POST', '/api/imports', form)) as Import
}

/** The columns matched by their names, said aloud: whoever disagrees gives --mapping. */
async function matched(server: Server, { id }: Import, profile: string | undefined): Promise<Record<string, string>> {
  const query = profile ? `?profileId=${encodeURIComponent(profile)}` : ''
  const { suggestedMapping, columns } = (await server.send('GET', `/api/imports/${id}/preview${query}`)) as ImportPreview
  for (const column of columns) console.error(`  ${column} → ${suggestedMapping[column] ?? '(left out)'}`)
  return suggestedMapping
}

async function watch(server: Server, id: string): Promise<Import> {
  let shown = ''
  for (;;) {
    const now = await standing(server, id)
    const line = progress(now)
    if (line !== shown) say(line)
    shown = line
    if (!['uploaded', 'queued', 'running'].includes(now.status)) {
      if (process.stderr.isTTY) process.stderr.write('\n')
      return now
    }
    await wait(process.stderr.isTTY ? 300 : 1000)
  }
}

/** How it stands; a server that restarts goes on with the import by itself, so it is waited for. */
async function standing(server: Server, id: string): Promise<Import> {
  for (let tries = 60; ; tries--) {
    try {
      return (await server.send('GET', `/api/imports/${id}`)) as Import
    } catch (error) {
      if (tries === 0 || (error as Failure).exitCode !== exits.unreachable) throw error
      say('The server does not answer; the import goes on when it is back …')
      await wait(2000)
    }
  }
}

const say = (line: string) => process.stderr.write(process.stderr.isTTY ? `\r\u001b[2K${line}` : `${line}\n`)

function progress({ status, totalRows, doneRows, createdCount, unchangedCount, failedCount }: Import): string {
  if (status === 'queued') return 'Waiting for the server …'
  if (totalRows === null) return 'Reading the file …'
  const share = totalRows === 0 ? 100 : Math.floor((doneRows / totalRows) * 100)
  return `${number(doneRows)} of ${number(totalRows)} (${share} %): ${number(createdCount)} created, ${number(unchangedCount)} unchanged, ${number(failedCount)} failed`
}

async function report(server: Server, done: Import, ms: number) {
  const { fileName, status, error, createdCount, unchangedCount, failedCount, noticeCount } = done
  console.log(`${fileName}: ${status} after ${seconds(ms)}${error ? `: ${error}` : ''}`)
  console.log(`  ${number(createdCount)} created\n  ${number(unchangedCount)} unchanged\n  ${number(failedCount)} failed`)
  if (noticeCount > 0) console.log(`  ${number(noticeCount)} of the created with a notice`)
  if (failedCount + noticeCount === 0) return
  const { items } = (await server.send('GET', `/api/imports/${done.id}/errors?limit=10`)) as {
    items: { line: number; message: string; notice: boolean }[]
  }
  console.log(`\nThe first of them (all: ${server.url}/api/imports/${done.id}/errors):`)
  for (const { line, message, notice } of items) console.log(`  line ${line}: ${notice ? 'notice: ' : ''}${message}`)
}
