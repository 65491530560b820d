/** `tater restore`: a backup into a new, empty installation. */
import { resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { jobs } from '../../doors/jobs.ts'
import { type Archive, checkSignature, openArchive, verifyParts } from '../../platform/backup/archive.ts'
import { markOf } from '../../platform/backup/manifest.ts'
import { openWithPassphrase } from '../../platform/backup/passphrase.ts'
import { restore as bringBack, migrationsOf } from '../../platform/backup/restore.ts'
import { bytesOf } from '../../platform/backup/tar.ts'
import { prepareDatabase } from '../../platform/database-owner.ts'
import { breaches, breachLine } from '../doctor/invariants.ts'
import { explained } from './backup.ts'
import { exits, Failure, number, readArguments, seconds, usage } from './command.ts'
import { type Installation, openInstallation } from './installation.ts'
import { progressLine } from './progress.ts'

export async function restore(args: string[]): Promise<number> {
  const { positionals, values } = readArguments('tater restore', args, { 'without-secret': { type: 'boolean' } }, 1)
  const [file] = positionals
  if (!file) throw usage('Which backup? Give its file: tater restore /backups/tater-….tar', 'tater restore')
  const path = resolve(file)
  const started = Date.now()
  const progress = progressLine()
  try {
    const archive = await openArchive(path)
    migrationsOf(archive)
    await verifyParts(archive, (done, of) => progress.say({ step: 'verified bytes', done, of, bytes: 0 }))
    const installation = await openInstallation('alone')
    try {
      const secret = await secretFor(archive, installation, values['without-secret'] === true)
      await bringBack(archive, {
        ownerUrl: installation.ownerUrl,
        attachments: installation.attachments,
        queues: jobs,
        say: progress.say,
        beforeCommit: () => {
          if (secret !== null) installation.keepSecret(secret)
        },
      })
      await prepareDatabase(installation.ownerUrl)
      progress.end()
      return await report(archive, installation, started)
    } finally {
      await installation.close()
    }
  } catch (error) {
    progress.end()
    throw explained(error, path)
  }
}

async function report({ path, manifest }: Archive, { ownerUrl }: Installation, started: number): Promise<number> {
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
  console.log(
    `Restored ${path}, as of ${manifest.takenAt}: ${number(rows)} rows, ${number(manifest.files.count)} files, ${number(manifest.queue.jobs)} waiting jobs, in ${seconds(Date.now() - started)}.`,
  )
  console.log(
    'Everybody signs in again. Keys and accounts that were ended after that instant are valid again: end them once more.',
  )
  const found = await breaches(ownerUrl)
  for (const breach of found) console.error(`Not well, and so already in the backup: ${breachLine(breach)}`)
  if (found.length === 0) console.log('The data was checked: every invariant holds.')
  return found.length === 0 ? exits.done : exits.no
}

/**
 * The secret the restored installation will run with; null: the one it has. Refuses when that is not the one of the
 * backup, because what was sealed with it could never be read again.
 */
async function secretFor(archive: Archive, { secret, settings }: Installation, without: boolean): Promise<string | null> {
  const mark = archive.manifest.secret?.mark
  const inside = await secretInside(archive)
  const given = settings.secret ?? inside ?? secret
  if (given !== null) {
    const verdict = checkSignature(archive, given)
    if (verdict === 'fits') return settings.secret ? null : given
  }
  if (without || mark === undefined) return null
  if (given !== null && markOf(given) !== mark)
    throw new Failure(
      `The backup was made with another TATER_SECRET than ${settings.secret ? 'the one that is set' : 'the one in the data folder'}. Set TATER_SECRET to that one. If it is lost: --without-secret restores all the same, and second factors and connections have to be set up anew.`,
    )
  throw new Failure(
    `TATER_SECRET is needed: second factors and connections in the backup are sealed with it. Set it as the server had it${archive.manifest.secret?.part ? ', or set TATER_BACKUP_PASSPHRASE to take it from the backup' : ''}. If it is lost: --without-secret.`,
  )
}

async function secretInside(archive: Archive): Promise<string | null> {
  const passphrase = process.env.TATER_BACKUP_PASSPHRASE
  const part = archive.manifest.secret?.part
  if (!part || !passphrase) return null
  const secret = await openWithPassphrase(passphrase, (await buffer(bytesOf(archive.path, archive.part(part)))).toString('utf8'))
  if (secret === null) throw new Failure('TATER_BACKUP_PASSPHRASE does not open the secret in the backup.')
  return secret
}
