/** `tater doctor`: looks at an installation, running or not, and says what is wrong, why it matters and what to do. */
import { existsSync } from 'node:fs'
import pg from 'pg'
import { appUrlOf } from '../../platform/database-owner.ts'
import { readSettings, type Settings } from '../../platform/settings.ts'
import { explainFailure, StartFailure } from '../../platform/start-failure.ts'
import { listenerFinding, rightsFindings, serverFindings } from '../doctor/database.ts'
import { type Finding, type Level, problem } from '../doctor/finding.ts'
import { breaches } from '../doctor/invariants.ts'
import { addressFindings, attachmentFindings, folderFindings, programFindings, settingsFindings } from '../doctor/machine.ts'
import { attachmentRows, contentFindings, invariantFindings, queueFindings } from '../doctor/work.ts'
import { exits, readArguments } from './command.ts'
import { type Installation, openInstallation } from './installation.ts'

export async function doctor(args: string[]): Promise<number> {
  const { values } = readArguments('tater doctor', args, { json: { type: 'boolean' } }, 0)
  const findings: Finding[] = []
  for await (const finding of examine()) {
    findings.push(finding)
    if (!values.json) console.log(lineOf(finding))
  }
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length
  const sick = count('problem') > 0
  if (values.json) console.log(JSON.stringify({ healthy: !sick, findings }, null, 2))
  else console.log(`\n${count('problem')} problems, ${count('warning')} warnings, ${count('note')} notes, ${count('well')} well.`)
  return sick ? exits.no : exits.done
}

const signs: Record<Level, string> = { well: 'well   ', note: 'note   ', warning: 'WARNING', problem: 'PROBLEM' }

const lineOf = ({ check, level, what, why, todo }: Finding) =>
  [`${signs[level]}  ${what} [${check}]`, ...(why ? [`         ${why}`, `         → ${todo}`] : [])].join('\n')

/** Everything, in the order in which one thing rests on another; what is missing below ends what stands above. */
async function* examine(): AsyncGenerator<Finding> {
  yield* programFindings()
  let settings: Settings
  try {
    settings = readSettings()
  } catch (error) {
    const complaints = (error as Error).message.split('\n')
    for (const complaint of complaints)
      yield problem(
        'settings.malformed',
        complaint,
        'The program does not start with it.',
        'Mend the setting; nothing else was looked at.',
      )
    return
  }
  yield* settingsFindings(settings, process.env)
  if (existsSync(settings.dataFolder)) yield* folderFindings(settings.dataFolder)
  let installation: Installation
  try {
    installation = await openInstallation('beside')
  } catch (error) {
    yield unreachable(error)
    return
  }
  try {
    yield* examineDatabase(installation)
  } catch (error) {
    yield unreachable(error)
  } finally {
    await installation.close()
  }
  yield* await addressFindings(settings)
}

const unreachable = (error: unknown): Finding =>
  problem(
    'database.answers',
    error instanceof StartFailure ? error.message : explainFailure(error).message.split('\n')[0]!,
    'Without its database the product does nothing.',
    'Mend that; what lies in the database was not looked at.',
  )

async function* examineDatabase({ ownerUrl, attachments }: Installation): AsyncGenerator<Finding> {
  const owner = new pg.Client({ connectionString: ownerUrl, application_name: 'tater doctor', connectionTimeoutMillis: 10_000 })
  owner.on('error', () => {})
  await owner.connect()
  try {
    yield* serverFindings(owner)
    const { rows } = await owner.query<{ there: boolean }>(
      "select to_regclass('public.platform_migrations') is not null as there",
    )
    if (!rows[0]!.there) return
    const appUrl = appUrlOf(ownerUrl)
    yield* rightsFindings(owner, decodeURIComponent(new URL(appUrl).username))
    yield await listenerFinding(appUrl)
    yield* await queueFindings(owner)
    yield* contentFindings(owner)
    yield* await attachmentFindings(attachments, await attachmentRows(owner))
    yield* invariantFindings(await breaches(ownerUrl))
  } finally {
    await owner.end().catch(() => {})
  }
}
