/** What the doors of export and live stream ask for: permission and record once, then page after page. */
import { z } from 'zod'
import { next, text } from '../../../platform/fields.ts'
import { command, query } from '../../../platform/operation.ts'
import { Task, TaskFilter, taskFilter } from '../contract.ts'
import { exportTasks, permitFilter } from '../list.ts'
import { keyOf } from '../present.ts'
import { prefixOf, viewerOf } from '../process.ts'

const columns = Object.keys(Task.shape).filter(
  (field) =>
    !['sla', 'links', 'watchers', 'mergedInto', 'assignmentGroup', 'majorIncident', 'slaRespondedAt', 'slaResolvedAt'].includes(
      field,
    ),
)

export const recordExport = command({
  name: 'tasks.export',
  summary: 'Export the tasks of a filter as CSV or NDJSON',
  route: 'GET /tasker/tasks/export.:format',
  byDoor: 'download',
  permission: 'tasks.export',
  input: z.strictObject({ format: z.enum(['csv', 'ndjson']), filter: TaskFilter }),
  output: z.object({ format: z.string() }),
  async run({ actor, record, organizationId }, { format, filter }) {
    permitFilter(filter, actor)
    record('task.exported', { type: 'organization', id: organizationId }, { format, filter })
    return { format }
  },
})

/** The live stream's door asks here before it opens. */
export const openLive = query({
  name: 'tasks.live',
  summary: 'Live stream of what happens in the organization (server-sent events)',
  route: 'GET /live',
  byDoor: 'download',
  permission: 'tasks.read',
  input: z.strictObject({}),
  output: z.object({}),
  run: async () => ({}),
})

export const exportPage = query({
  name: 'tasks.export-page',
  replica: true,
  summary: 'A page of an export',
  route: 'GET /tasker/tasks/export-page',
  byDoor: 'page',
  permission: 'tasks.export',
  input: z.strictObject({ ...taskFilter, after: text(600).optional() }),
  output: z.object({ columns: z.array(z.string()), items: z.array(z.record(z.string(), z.unknown())), next }),
  async run(ctx, filter) {
    const [prefix, me] = await Promise.all([prefixOf(ctx), viewerOf(ctx)])
    const page = await exportTasks(ctx.db, filter, me, ctx.now)
    const items = page.rows.map((row) => {
      const full: Record<string, unknown> = { ...row, key: keyOf(prefix, row.number) }
      return Object.fromEntries(columns.map((column) => [column, full[column] ?? null]))
    })
    return { columns, items, next: page.next }
  },
})
