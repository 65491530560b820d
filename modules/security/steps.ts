/**
 * How a scan comes in, step by step: each is a transaction of its own that also moves the scan's progress, so that one whose
 * worker was killed goes on exactly where it was. Only the worker calls these; they have no route (not in operations.ts).
 */
import { z } from 'zod'
import type { Context } from '../../platform/context.ts'
import { Id } from '../../platform/fields.ts'
import { command } from '../../platform/operation.ts'
import { asProblem } from '../../platform/problem.ts'
import { add as addComment } from '../comments/operations.ts'
import { settingsOf as organizationSettings } from '../settings/operations.ts'
import type { NewTask } from '../tasks/contract.ts'
import { createTask, taskStanding } from '../tasks/operations.ts'
import { Problem, type Severity, scanFormats } from './contract.ts'
import type { FoundRow } from './formats.ts'
import { acceptScan, settingsOf } from './operations/scans.ts'
import { referenceOfRecord } from './present.ts'
import * as queries from './queries.ts'

const internal = { permission: 'scans.import', quiet: true } as const

const Work = z.object({
  status: z.string(),
  doneRows: z.number(),
  totalRows: z.number().nullable(),
  createdBy: z.string(),
  createdByName: z.string(),
  channel: z.string(),
})
export type Work = z.output<typeof Work>

/** What there is to do; null when there is nothing (any more). A finished scan may still have tasks to open. */
export const begin = command({
  ...internal,
  name: 'scans.begin',
  summary: 'Take up a scan',
  route: 'POST /security/scans/:scanId/begin',
  input: z.strictObject({ scanId: Id }),
  output: z.object({ work: Work.nullable() }),
  async run({ db }, { scanId }) {
    const found = await queries.lockScan(db, scanId)
    if (!found || !['queued', 'running', 'finished'].includes(found.status)) return { work: null }
    if (found.status === 'queued') await queries.updateScan(db, scanId, { status: 'running' })
    return { work: found as unknown as Work }
  },
})

/** The file was read through and is whole. `go` is false when it is a scan received before. */
export const checked = command({
  ...internal,
  name: 'scans.checked',
  summary: 'Note which scan a file is',
  route: 'POST /security/scans/:scanId/checked',
  input: z.strictObject({
    scanId: Id,
    checked: z.object({
      format: z.enum(scanFormats),
      rows: z.number().int(),
      source: z.string().nullable(),
      scanId: z.string().nullable(),
      scannedAt: z.string().nullable(),
    }),
  }),
  output: z.object({ go: z.boolean() }),
  async run(ctx, { scanId, checked }) {
    await queries.lockScans(ctx.db)
    const scan = await acceptScan(ctx, scanId, checked)
    return { go: scan.status === 'running' }
  },
})

/** Brings in some rows. `go` is false when another worker is ahead of this one. */
export const bring = command({
  ...internal,
  name: 'scans.bring',
  summary: 'Bring in some rows of a scan',
  route: 'POST /security/scans/:scanId/bring',
  input: z.strictObject({ scanId: Id, from: z.number().int(), rows: z.custom<FoundRow[]>((value) => Array.isArray(value)) }),
  output: z.object({ go: z.boolean() }),
  async run({ db }, { scanId, from, rows }) {
    const found = await queries.lockScan(db, scanId)
    if (found?.status !== 'running' || found.doneRows !== from) return { go: false }
    await Promise.all([queries.insertRows(db, scanId, from, rows), queries.addProgress(db, scanId, rows.length)])
    return { go: true }
  },
})

/** All rows are in: counts them and, when it is the latest of its source, moves the summary and the records with it. */
export const finish = command({
  ...internal,
  name: 'scans.finish',
  summary: 'Finish a scan',
  route: 'POST /security/scans/:scanId/finish',
  input: z.strictObject({ scanId: Id }),
  output: z.object({}),
  async run(ctx, { scanId }) {
    const { db, now } = ctx
    await queries.lockScans(db)
    const found = await queries.lockScan(db, scanId)
    if (found?.status !== 'running' || found.doneRows !== found.totalRows) return {}
    await queries.foldControls(db, scanId)
    await queries.countControls(db, scanId, now)
    const source = found.source!
    const latest = (await queries.latestScan(db, source))!
    const moved = latest.id === scanId ? await settle(ctx, scanId, source) : { newlyFailing: 0, fixed: 0 }
    const { passed, failed } = (await queries.findScan(db, scanId))!
    ctx.record('scan.finished', { type: 'scan', id: scanId }, { source, passed, failed, ...moved })
    return {}
  },
})

async function settle({ db, now }: Context, scanId: string, source: string) {
  const { openTasks } = await settingsOf(db)
  await queries.saveSummary(db, source)
  const moved = await queries.updateControls(db, scanId, source, now, openTasks)
  const unrecorded = await queries.countUnrecorded(db, scanId, source)
  if (unrecorded > 0) {
    const last = await queries.takeNumbers(db, 'control', unrecorded)
    await queries.insertControls(db, scanId, source, now, last, unrecorded, openTasks)
  }
  return { newlyFailing: moved.newlyFailing + unrecorded, fixed: moved.fixed }
}

/** The file cannot be brought in: says why and where. */
export const fail = command({
  ...internal,
  name: 'scans.fail',
  summary: 'Give up a scan',
  route: 'POST /security/scans/:scanId/fail',
  input: z.strictObject({ scanId: Id, error: z.string(), problems: z.array(Problem) }),
  output: z.object({}),
  async run(ctx, { scanId, error, problems }) {
    const found = await queries.lockScan(ctx.db, scanId)
    if (found?.status !== 'running' && found?.status !== 'queued') return {}
    const row = { status: 'failed', error, problems: JSON.stringify(problems), finished_at: ctx.now }
    await queries.updateScan(ctx.db, scanId, row)
    ctx.record('scan.failed', { type: 'scan', id: scanId }, { fileName: found.fileName, error })
    return {}
  },
})

/** Tasks opened or told in one transaction. */
const atOnce = 20

/** Opens or tells the tasks of some controls; `more` says whether there are others. */
export const followUp = command({
  ...internal,
  name: 'scans.follow-up',
  summary: 'Open and tell the tasks of failing controls',
  route: 'POST /security/scans/follow-up',
  input: z.strictObject({}),
  output: z.object({ more: z.boolean() }),
  async run(ctx) {
    const records = await queries.lockFollowUps(ctx.db, atOnce)
    const { openTasks } = await settingsOf(ctx.db)
    for (const record of records) await followOne(ctx, record, openTasks)
    return { more: records.length === atOnce }
  },
})

type ToFollow = Awaited<ReturnType<typeof queries.lockFollowUps>>[number]

async function followOne(ctx: Context, record: ToFollow, openTasks: boolean) {
  const { id, taskId, controlId, source, followUp } = record
  const standing = taskId ? await taskStanding(ctx.db, taskId) : 'gone'
  if (followUp === 'pass') {
    if (standing !== 'gone')
      await tell(ctx, record, `${controlId} passes again in the latest scan of ${source}. Check it and close this task.`)
    return queries.settleFollowUp(ctx.db, id, { task_told: 'pass' })
  }
  if (standing === 'open') {
    await tell(ctx, record, `${controlId} fails again in the latest scan of ${source}.`)
    return queries.settleFollowUp(ctx.db, id, { task_told: 'fail' })
  }
  if (!openTasks || !isUrgent(record.severity)) return queries.settleFollowUp(ctx.db, id, { task_told: 'fail' })
  const task = await opened(ctx, record, {
    title: `${controlId} fails: ${record.title}`.slice(0, 300).toWellFormed(),
    description: await descriptionOf(ctx, record),
    category: await categoryOf(ctx),
    priority: record.severity === 'critical' ? 'Critical' : 'High',
    linkedTaterEntityType: 'control',
    linkedTaterEntityId: id,
  })
  if (!task) return queries.settleFollowUp(ctx.db, id, { task_told: 'fail' })
  const reference = referenceOfRecord(record)
  ctx.record('security.task-opened', { type: 'security-record', id }, { reference, controlId: controlId!, key: task.key })
  return queries.settleFollowUp(ctx.db, id, { task_id: task.id, task_told: 'fail' })
}

/** IT where there is such a category, else the organization's first. */
async function categoryOf(ctx: Context): Promise<string> {
  const { categories } = await organizationSettings(ctx)
  return (categories.find(({ name }) => name === 'IT') ?? categories[0])?.name ?? 'IT'
}

/** A process that refuses the task must not stop the scan: the record says why there is none. */
async function opened(ctx: Context, record: ToFollow, task: NewTask) {
  try {
    return await createTask(ctx, task)
  } catch (error) {
    const { status, message } = asProblem(error)
    if (status >= 500) throw error
    const said = { reference: referenceOfRecord(record), reason: message }
    ctx.record('security.task-refused', { type: 'security-record', id: record.id }, said)
    return null
  }
}

const isUrgent = (severity: string | null) => (['critical', 'high'] as (Severity | null)[]).includes(severity as Severity | null)

async function tell(ctx: Context, record: ToFollow, body: string) {
  await ctx.call(addComment, { taskId: record.taskId!, body, visibility: 'internal' })
  const { id, controlId, followUp } = record
  const said = { reference: referenceOfRecord(record), controlId: controlId!, result: followUp! }
  ctx.record('security.task-told', { type: 'security-record', id }, said)
}

/** What a technician needs to begin: the control, where it fails, and what opened the task. */
async function descriptionOf({ db }: Context, record: ToFollow): Promise<string> {
  const failing = record.scanId ? await queries.failingRows(db, record.scanId, record.controlId!, 10) : []
  const places = failing.map(
    ({ resource, detail }) => `- ${[resource && `\`${resource.replaceAll('`', "'")}\``, detail].filter(Boolean).join(': ')}`,
  )
  const framework = record.framework ? ` (${record.framework})` : ''
  return [
    `The control **${record.controlId}**${framework} of ${record.source} newly fails, severity ${record.severity}.`,
    places.length > 0 ? `\n${places.join('\n')}` : '',
    `\nOpened by the rule for failing controls; record ${referenceOfRecord(record)}.`,
  ]
    .filter((line) => line !== '')
    .join('\n')
    .slice(0, 10_000)
    .toWellFormed()
}
