/** The doctor looks at the machine: settings, program, data folder, disk, the address people use. */
import { readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import tls from 'node:tls'
import { filesIn } from '../../platform/backup/backup.ts'
import { unfinishedMark } from '../../platform/backup/restore.ts'
import { type Settings, settingsReference } from '../../platform/settings.ts'
import { type Finding, note, problem, warning, well } from './finding.ts'

/** Variables of commands and of development, which are no settings of the server. */
const otherVariables = new Set(['TATER_URL', 'TATER_API_KEY', 'TATER_BUILD_WEB', 'TATER_BACKUP_PASSPHRASE', 'TATER_KEY'])

const loopback = /^(localhost|127\.|\[?::1\]?$)/

export function* settingsFindings(settings: Settings, environment: Record<string, string | undefined>): Generator<Finding> {
  const unknown = Object.keys(environment).filter(
    (name) => name.startsWith('TATER_') && !(name in settingsReference) && !otherVariables.has(name),
  )
  for (const name of unknown)
    yield warning(
      'settings.unknown',
      `${name} is set and is no setting.`,
      'A setting that is misspelled does nothing.',
      'Mend its name (docs/running.md lists them), or unset it.',
    )
  const url = new URL(settings.publicUrl)
  if (!loopback.test(settings.host) && loopback.test(url.hostname))
    yield problem(
      'settings.public-url',
      `The server listens on ${settings.host}, and PUBLIC_URL is ${settings.publicUrl}.`,
      'Links, sign-in with a provider and agents go to PUBLIC_URL: from other machines they lead nowhere.',
      'Set PUBLIC_URL to the address people type.',
    )
  else if (url.protocol === 'http:' && !loopback.test(url.hostname))
    yield warning(
      'settings.public-url',
      `PUBLIC_URL is ${settings.publicUrl}, without TLS.`,
      'Passwords and session cookies travel readable.',
      'Put a proxy with TLS in front and set PUBLIC_URL to its https:// address.',
    )
  else yield well('settings.public-url', `People use ${settings.publicUrl}.`)
  if (settings.databaseUrl && !settings.secret)
    yield warning(
      'settings.secret',
      'TATER_SECRET is not set, and the database is elsewhere.',
      'Each server makes a secret of its own then: sessions of one are unknown to the other, and a new data folder loses what is sealed.',
      'Set TATER_SECRET on every server to what secrets.json holds as "secret".',
    )
  if (!settings.auditSigningKey)
    yield note(
      'settings.audit',
      'AUDIT_SIGNING_KEY is not set.',
      'An exported activity log cannot be shown to be unaltered.',
      'Set it (docs/activity-log.md), if somebody will ask for that.',
    )
}

export function* programFindings(): Generator<Finding> {
  const { node } = process.versions
  if (Number(node.split('.')[0]) >= 24) yield well('program.node', `Node.js ${node}.`)
  else
    yield problem(
      'program.node',
      `Node.js ${node} is too old.`,
      'The program needs 24 or newer.',
      'Start it through npm, which brings its own, or install Node.js 24.',
    )
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`

export function* folderFindings(folder: string): Generator<Finding> {
  const { bavail, bsize, blocks } = statfsSync(folder)
  const [free, share] = [bavail * bsize, bavail / blocks]
  const what = `${gigabytes(free)} (${Math.round(share * 100)} %) are free in ${folder}.`
  const why = 'A full disk stops every write: PostgreSQL ends, and uploads fail.'
  if (free < 500e6) yield problem('disk.space', what, why, 'Make room now, or move the data folder to a larger disk.')
  else if (free < 5e9 && share < 0.1)
    yield warning('disk.space', what, why, 'Make room, or move the data folder to a larger disk.')
  else yield well('disk.space', what)
  yield* permissionFindings(folder)
  if (readdirSync(folder).includes('attachments') && readdirSync(join(folder, 'attachments')).includes(unfinishedMark))
    yield problem(
      'folder.restore',
      'A restore was stopped before it ended.',
      'Files are in place, and the database is not.',
      'Run tater restore again with the same backup.',
    )
}

function* permissionFindings(folder: string): Generator<Finding> {
  let open = false
  for (const [name, most] of [
    ['.', 0o711],
    ['secrets.json', 0o600],
    ['attachments', 0o700],
  ] as const) {
    const mode = statSync(join(folder, name), { throwIfNoEntry: false })?.mode
    if (mode === undefined || (mode & 0o777 & ~most) === 0) continue
    open = true
    yield problem(
      'folder.permissions',
      `${join(folder, name)} has mode ${(mode & 0o777).toString(8)}.`,
      'Other users of this machine can read what is in it.',
      `chmod ${most.toString(8)} ${join(folder, name)}`,
    )
  }
  if (!open) yield well('folder.permissions', 'Only the program reads its data folder.')
}

/** Whether rows and files agree; `rows` are the attachments that are not deleted. */
export async function attachmentFindings(folder: string, rows: Map<string, number>): Promise<Finding[]> {
  const there = new Set(await filesIn(folder))
  const missing = [...rows.keys()].filter((file) => !there.has(file))
  const changed = [...rows].filter(([file, size]) => there.has(file) && statSync(join(folder, file)).size !== size)
  const todo = 'Take the files from a backup (files/… in its tar file) and put them back.'
  const why = 'People who open these attachments get an error.'
  const some = (files: string[]) => `${files.slice(0, 3).join(', ')}${files.length > 3 ? ' …' : ''}`
  return [
    ...(missing.length > 0
      ? [problem('files.missing', `${missing.length} of ${rows.size} attachments have no file: ${some(missing)}.`, why, todo)]
      : []),
    ...(changed.length > 0
      ? [
          problem(
            'files.changed',
            `${changed.length} attachments have another size than when they were uploaded: ${some(changed.map(([file]) => file))}.`,
            why,
            todo,
          ),
        ]
      : []),
    ...(missing.length + changed.length === 0 ? [well('files.missing', `All ${rows.size} attachments are there.`)] : []),
  ]
}

const patienceMs = 5_000

/** Asks PUBLIC_URL whether it is this product, and its certificate how long it is good. */
export async function addressFindings({ publicUrl }: Settings): Promise<Finding[]> {
  const check = 'address.answers'
  const todo = 'Start the server, or mend PUBLIC_URL, the proxy or the name.'
  try {
    const answer = await fetch(`${publicUrl}/health/live`, { signal: AbortSignal.timeout(patienceMs), redirect: 'manual' })
    const said = (await answer.json().catch(() => null)) as { status?: string } | null
    if (answer.status !== 200 || said?.status !== 'ok')
      return [
        problem(
          check,
          `${publicUrl} answers, and not as this product does (${answer.status} at /health/live).`,
          'Links, sign-in and agents go there.',
          todo,
        ),
      ]
  } catch (error) {
    const reason = ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message
    return [
      warning(
        check,
        `Nothing answers at ${publicUrl} (${reason || 'no connection'}).`,
        'People cannot reach the product there; or it is not running, or not to be reached from this machine.',
        todo,
      ),
    ]
  }
  const found = [well(check, `${publicUrl} answers.`)]
  return publicUrl.startsWith('https:') ? [...found, certificateFinding(await certificateEnd(publicUrl))] : found
}

/** @param end when the certificate ends; null when it could not be read */
export function certificateFinding(end: Date | null, now = new Date()): Finding {
  if (end === null)
    return warning(
      'address.certificate',
      'The certificate of PUBLIC_URL could not be read.',
      'Nobody knows when it ends.',
      'Look at the proxy.',
    )
  const days = Math.floor((end.getTime() - now.getTime()) / 86_400_000)
  const what = `The certificate of PUBLIC_URL ends ${end.toISOString().slice(0, 10)}, in ${days} days.`
  if (days >= 21) return well('address.certificate', what)
  const make = days < 3 ? problem : warning
  return make(
    'address.certificate',
    what,
    'From then on browsers and agents refuse to connect.',
    'Renew it; if that is automatic, look why it did not happen.',
  )
}

function certificateEnd(publicUrl: string): Promise<Date | null> {
  const { hostname, port } = new URL(publicUrl)
  return new Promise((resolve) => {
    const socket = tls.connect({
      host: hostname,
      port: Number(port || 443),
      servername: hostname,
      rejectUnauthorized: false,
      timeout: patienceMs,
    })
    const done = (end: Date | null) => {
      socket.destroy()
      resolve(end)
    }
    socket.on('secureConnect', () => done(new Date(socket.getPeerCertificate().valid_to)))
    socket.on('error', () => done(null)).on('timeout', () => done(null))
  })
}
