/** The numbers of the landing page. Each is counted by the filter of the list behind it, so the two always agree. */
import { z } from 'zod'
import { named } from '../../../platform/fields.ts'
import { query } from '../../../platform/operation.ts'
import { TaskFilter, TaskRow } from '../contract.ts'
import { countTasks, listSimilar, perDay, surveyOpen } from '../list.ts'
import { presentRow } from '../present.ts'
import { prefixOf, viewerOf } from '../process.ts'

const hour = 3_600_000
const day = 24 * hour
const Filter = z.record(z.string(), z.unknown()).describe('As the list takes it')
const Slice = z.object({ name: z.string(), count: z.number().int(), filter: Filter })

const Dashboard = z.object({
  numbers: z.array(Slice).describe('mine, team, unassigned, overdue, due-soon, waiting, open'),
  byPriority: z.array(Slice),
  byCategory: z.array(Slice),
  byState: z.array(Slice),
  ageing: z.array(Slice).describe('Open tasks by age'),
  days: z
    .array(z.object({ day: z.string(), created: z.number().int(), closed: z.number().int() }))
    .describe('The last 30 days, in UTC'),
})

export const dashboard = query({
  name: 'tasks.dashboard',
  replica: true,
  summary: 'The numbers of the landing page, each with the filter of the list behind it',
  route: 'GET /tasker/dashboard',
  permission: 'tasks.read',
  input: z.strictObject({}),
  output: Dashboard,
  async run(ctx) {
    const { db, now } = ctx
    const ago = (ms: number) => new Date(Math.floor(now.getTime() / 60_000) * 60_000 - ms).toISOString()
    const numbers: Record<string, TaskFilter> = {
      mine: { open: true, assignedTo: 'me' },
      team: { open: true, teamId: 'mine' },
      unassigned: { open: true, assignedTo: 'none' },
      overdue: { overdue: true },
      'due-soon': { open: true, dueAfter: now.toISOString(), dueBefore: ago(-day) },
      waiting: { statusCategory: ['waiting'] },
      open: { open: true },
    }
    const ageing: Record<string, TaskFilter> = {
      'under a day': { open: true, createdAfter: ago(day) },
      '1–3 days': { open: true, createdAfter: ago(3 * day), createdBefore: ago(day) },
      '3–7 days': { open: true, createdAfter: ago(7 * day), createdBefore: ago(3 * day) },
      '1–4 weeks': { open: true, createdAfter: ago(28 * day), createdBefore: ago(7 * day) },
      'over 4 weeks': { open: true, createdBefore: ago(28 * day) },
    }
    const me = await viewerOf(ctx)
    const [open, days] = await Promise.all([surveyOpen(db, { ...numbers, ...ageing }, me, now), perDay(db, ago(30 * day))])
    const counted = (filters: Record<string, TaskFilter>) =>
      Object.entries(filters).map(([name, filter]) => ({ name, filter, count: open.count(name) }))
    const slices = (field: 'priority' | 'category' | 'status') =>
      open[field].map((row) => ({ ...row, filter: { open: true, [field]: [row.name] } }))
    return {
      // Who is in no team has no team's queue.
      numbers: counted(numbers).filter(({ name }) => name !== 'team' || me.teams.length > 0),
      ageing: counted(ageing),
      byPriority: slices('priority'),
      byCategory: slices('category'),
      byState: slices('status'),
      days,
    }
  },
})

export const count = query({
  name: 'tasks.count',
  replica: true,
  summary: 'How many tasks a filter selects',
  route: 'GET /tasker/tasks/count',
  permission: 'tasks.read',
  input: TaskFilter,
  output: z.object({
    count: z.number().int().describe('At most 10,000'),
    more: z.boolean().describe('true: there are more than that'),
  }),
  async run(ctx, filter) {
    const found = await countTasks(ctx.db, filter, await viewerOf(ctx), ctx.now, 10_001)
    return { count: Math.min(found, 10_000), more: found > 10_000 }
  },
})

export const similar = query({
  name: 'tasks.similar',
  replica: true,
  summary: 'Open tasks that may be the same, for a title being typed',
  route: 'GET /tasker/tasks/similar',
  permission: 'tasks.read',
  input: z.strictObject({ title: named(300) }),
  output: z.object({ items: z.array(TaskRow) }),
  async run(ctx, { title }) {
    const [prefix, rows] = await Promise.all([prefixOf(ctx), listSimilar(ctx.db, title)])
    return { items: rows.map((row) => presentRow(prefix, row)) }
  },
})
