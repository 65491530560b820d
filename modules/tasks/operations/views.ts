/** Saved views: a name for a filter and an order, for oneself, a team or the organization. */
import { z } from 'zod'
import { Id, named, text } from '../../../platform/fields.ts'
import { v7 } from '../../../platform/ids.ts'
import { command, query } from '../../../platform/operation.ts'
import { Forbidden, Invalid } from '../../../platform/problem.ts'
import { TaskFilter, TaskView, taskSorts } from '../contract.ts'
import { viewerOf, withKnownTeam } from '../process.ts'
import * as queries from '../queries-views.ts'
import { NoSuchView, say } from '../rules.ts'

const ViewQuery = z.strictObject({ ...TaskFilter.shape, sort: z.enum(taskSorts).optional() })

export const listViews = query({
  name: 'tasks.list-views',
  summary: 'Saved views I can use',
  route: 'GET /tasker/views',
  permission: 'tasks.read',
  input: z.strictObject({}),
  output: z.object({ items: z.array(TaskView) }),
  async run(ctx) {
    const { actor } = ctx
    const [rows, { teams }] = await Promise.all([queries.listViews(ctx.db, actor.email), viewerOf(ctx)])
    const isMine = (row: (typeof rows)[number]) =>
      row.scope !== 'team' || row.owner === actor.email || teams.includes(row.teamId ?? '')
    return {
      items: rows.filter(isMine).map((row) => ({
        ...row,
        scope: row.scope as 'private',
        query: row.query as Record<string, unknown>,
        mine: row.owner === actor.email,
      })),
    }
  },
})

export const saveView = command({
  name: 'tasks.save-view',
  summary: 'Save a view, new or changed',
  route: 'POST /tasker/views',
  permission: 'views.save',
  input: z.strictObject({
    id: Id.optional().describe('Present: change this view'),
    name: named(100),
    scope: z.enum(['private', 'team', 'organization']).default('private'),
    teamId: text(120).nullable().default(null).describe('The team of a team view'),
    query: ViewQuery,
  }),
  output: TaskView,
  async run(ctx, { id, name, scope, teamId: team, query: filter }) {
    const { db, actor, record } = ctx
    if (scope === 'team' && team === null)
      throw Invalid(say.teamOfView, { errors: [{ pointer: '#/teamId', detail: say.missing }] })
    const { teamId } = await withKnownTeam(ctx, { teamId: scope === 'team' ? team : null })
    if (scope !== 'private' && !actor.permissions.has('views.share'))
      throw Forbidden(say.shareView, { permission: 'views.share' })
    const existing = id ? await queries.lockView(db, id) : undefined
    if (id && (!existing || (existing.scope === 'private' && existing.owner !== actor.email))) throw NoSuchView(say.noView)
    if (existing && existing.owner !== actor.email && !actor.permissions.has('views.share')) throw Forbidden(say.changeView)
    const view = { id: id ?? v7(), name, scope, owner: existing?.owner ?? actor.email, teamId }
    await queries.saveView(db, { id: view.id, name, scope, owner: view.owner, team_id: teamId, query: JSON.stringify(filter) })
    record('view.saved', { type: 'view', id: view.id }, { name, scope })
    return { ...view, query: filter, mine: view.owner === actor.email }
  },
})

export const deleteView = command({
  name: 'tasks.delete-view',
  summary: 'Delete a saved view',
  route: 'DELETE /tasker/views/:viewId',
  permission: 'views.save',
  input: z.strictObject({ viewId: Id }),
  output: z.object({ id: z.string() }),
  async run({ db, actor, record }, { viewId }) {
    const view = await queries.lockView(db, viewId)
    if (!view || (view.scope === 'private' && view.owner !== actor.email)) throw NoSuchView(say.noView)
    if (view.owner !== actor.email && !actor.permissions.has('views.share')) throw Forbidden(say.deleteView)
    await queries.deleteView(db, viewId)
    record('view.deleted', { type: 'view', id: viewId }, { name: view.name })
    return { id: viewId }
  },
})
