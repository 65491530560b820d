/** `tater backup`: everything of an installation in one file, while it runs. */
import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkSignature, openArchive, Unusable, verifyParts } from '../../platform/backup/archive.ts'
import { type BackupResult, backup as makeBackup } from '../../platform/backup/backup.ts'
import { secretsIn } from '../../platform/data-folder.ts'
import { readSettings } from '../../platform/settings.ts'
import { exits, Failure, number, readArguments, seconds, usage } from './command.ts'
import { type Installation, openInstallation, programVersion } from './installation.ts'
import { megabytes, progressLine } from './progress.ts'

export async function backup(args: string[]): Promise<number> {
  const { positionals, values } = readArguments('tater backup', args, { verify: { type: 'boolean' } }, 1)
  const [file] = positionals
  if (!file) throw usage('Where to? Give a file or a folder: tater backup /backups/', 'tater backup')
  return values.verify ? verify(resolve(file)) : make(resolve(file))
}

async function make(given: string): Promise<number> {
  const path = existsSync(given) && statSync(given).isDirectory() ? join(given, `tater-${stamp(new Date())}.tar`) : given
  if (existsSync(path)) throw new Failure(`${path} is there already. Give another name, or move it away.`, exits.usage)
  const installation = await openInstallation('beside')
  const started = Date.now()
  const progress = progressLine()
  const stop = new AbortController()
  const interrupt = () => stop.abort(new Failure('Stopped; nothing was left behind.', 130))
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  try {
    const result = await makeBackup(path, { ...optionsOf(installation), say: progress.say, signal: stop.signal })
    progress.end()
    console.log(`${path}: ${summaryOf(result)} in ${seconds(Date.now() - started)}.`)
    for (const line of advice(installation, result)) console.log(line)
    for (const fault of result.faults) console.error(`Not well: ${fault}.`)
    return result.faults.length === 0 ? exits.done : exits.no
  } catch (error) {
    progress.end()
    throw explained(error, path)
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
    await installation.close()
  }
}

const optionsOf = ({ ownerUrl, attachments, secret }: Installation) => ({
  ownerUrl,
  attachments,
  secret,
  version: programVersion(),
  ...(process.env.TATER_BACKUP_PASSPHRASE && { passphrase: process.env.TATER_BACKUP_PASSPHRASE }),
})

const stamp = (at: Date) =>
  at
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '')

function summaryOf({ manifest, bytes }: BackupResult): string {
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
  return `${number(rows)} rows and ${number(manifest.files.count)} files, ${megabytes(bytes)}`
}

function* advice({ settings, secret }: Installation, { manifest }: BackupResult) {
  if (secret === null) yield 'TATER_SECRET is not known here, so the backup is not signed. Set it as the server has it.'
  else if (!manifest.secret?.part)
    yield `It holds no secrets. Keep TATER_SECRET${settings.secret ? '' : ' (as "secret" in secrets.json of the data folder)'} somewhere else: without it second factors and connections cannot be read. Or set TATER_BACKUP_PASSPHRASE to put it in, locked.`
}

/** Whether an archive is whole; with the secret of the installation also whether it is this one's. */
async function verify(path: string): Promise<number> {
  const started = Date.now()
  const progress = progressLine()
  try {
    const archive = await openArchive(path)
    await verifyParts(archive, (done, of) => progress.say({ step: 'verified bytes', done, of, bytes: 0 }))
    progress.end()
    const settings = readSettings()
    const secret = settings.secret ?? secretsIn(settings.dataFolder).secret
    const verdict = secret === undefined ? 'unknown' : checkSignature(archive, secret)
    const { manifest } = archive
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
    console.log(
      `${path}: whole. Taken ${manifest.takenAt} by version ${manifest.version} at migration ${manifest.migrations.at(-1)?.name}; ` +
        `${number(rows)} rows, ${number(manifest.files.count)} files, ${number(manifest.queue.jobs)} waiting jobs. ${signatures[verdict]} (${seconds(Date.now() - started)})`,
    )
    return exits.done
  } catch (error) {
    progress.end()
    throw explained(error, path)
  }
}

const signatures = {
  fits: 'Signed by this installation.',
  other: 'Signed with another TATER_SECRET than this one, so who wrote it was not checked.',
  unsigned: 'It is not signed, so who wrote it was not checked.',
  unknown: 'Who wrote it was not checked: that needs TATER_SECRET.',
}

/** What a person can mend is said in a sentence; anything else keeps its stack. */
export function explained(error: unknown, path: string): unknown {
  if (error instanceof Unusable) return new Failure(error.message)
  const { code } = error as { code?: string }
  if (code === 'ENOSPC') return new Failure(`The disk is full; nothing was left at ${path}.`)
  if (code === 'EACCES' || code === 'ENOENT' || code === 'EROFS')
    return new Failure(`Cannot write ${path}: ${(error as Error).message}.`)
  return error
}
