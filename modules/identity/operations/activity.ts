/** The activity log of the organization (reference §26). */
import { z } from 'zod'
import { type Caller, channels } from '../../../platform/context.ts'
import { Id, next, paging, Timestamp, text } from '../../../platform/fields.ts'
import { isUuid } from '../../../platform/ids.ts'
import { command, query } from '../../../platform/operation.ts'
import { Forbidden, Invalid } from '../../../platform/problem.ts'
import { Activity } from '../contract.ts'
import * as queries from '../queries.ts'
import { say } from '../rules.ts'

const filter = {
  subjectId: text(120).optional().describe('Only what happened to this'),
  subjectType: text(60).optional().describe('Only what happened to things of this kind, such as task'),
  action: text(60).optional().describe('Such as task.moved'),
  channel: z.enum(channels).optional(),
  actor: text(254)
    .optional()
    .describe(
      'Who did it: part of the name, the whole e-mail address (also of keys in that name), or the id; needs the permission activity.audit',
    ),
  q: text(200).optional().describe('Part of the action, of what was recorded, or (with activity.audit) of the name'),
  since: Timestamp.optional().describe('From this instant on'),
  until: Timestamp.optional().describe('Before this instant'),
}

/** Auditors read the log, and may not follow one person through it (reference §26). */
function permitFilter({ permissions }: Caller['actor'], given: { actor?: string | undefined }) {
  if (given.actor !== undefined && !permissions.has('activity.audit'))
    throw Forbidden(say.byPerson, { permission: 'activity.audit' })
}

export const listActivity = query({
  name: 'activity.list',
  replica: true,
  summary: 'Who did what in the organization, newest first',
  route: 'GET /activity',
  permission: 'activity.read',
  input: z.strictObject({
    ...filter,
    after: Id.optional().describe('`next` of the page before'),
    limit: paging.limit,
  }),
  output: z.object({ items: z.array(Activity), next }),
  async run({ db, actor }, given) {
    permitFilter(actor, given)
    return activityPage(await queries.listEvents(db, given, actor.permissions.has('activity.audit')), given.limit)
  },
})

export const recordActivityExport = command({
  name: 'activity.export',
  summary: 'Export the activity log of a filter as CSV or NDJSON, with signatures',
  route: 'GET /activity/export.:format',
  byDoor: 'download',
  permission: 'activity.audit',
  input: z.strictObject({ format: z.enum(['csv', 'ndjson']), filter: z.strictObject(filter) }),
  output: z.object({ format: z.string() }),
  async run({ record, organizationId }, { format, filter: given }) {
    record('activity.exported', { type: 'organization', id: organizationId }, { format, filter: given })
    return { format }
  },
})

const columns = [
  ...['organizationId', 'id', 'occurredAt', 'action', 'subjectType', 'subjectId', 'data', 'actorId', 'actorKind', 'actorName'],
  ...['channel', 'operation', 'requestId', 'providerId', 'providerName', 'providerTier', 'signature', 'signatureKey'],
]

export const activityExportPage = query({
  name: 'activity.export-page',
  replica: true,
  summary: 'A page of an export of the activity log',
  route: 'GET /activity/export-page',
  byDoor: 'page',
  permission: 'activity.audit',
  input: z.strictObject({ ...filter, after: Id.optional() }),
  output: z.object({ columns: z.array(z.string()), items: z.array(z.record(z.string(), z.unknown())), next }),
  async run({ db }, given) {
    const rows: Record<string, unknown>[] = await queries.listEvents(db, { ...given, limit: exportRows }, true)
    const items = rows.map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])))
    return { columns, items, next: rows.length === exportRows ? String(rows.at(-1)!.id) : null }
  },
})

const exportRows = 1000

type EventOnPage = Awaited<ReturnType<typeof queries.listEvents>>[number]

/** Rows of `events` as the outside sees them. */
export const activityPage = (rows: EventOnPage[], limit: number) => ({
  items: rows.map(({ actorId, actorKind, actorName, providerId, providerName, providerTier, ...row }) => ({
    id: row.id,
    occurredAt: row.occurredAt,
    action: row.action,
    subjectType: row.subjectType,
    subjectId: row.subjectId,
    channel: row.channel,
    operation: row.operation,
    requestId: row.requestId,
    data: row.data as Record<string, unknown>,
    actor: {
      id: actorId,
      kind: actorKind,
      name: actorName,
      provider: providerId && providerName && providerTier ? { id: providerId, name: providerName, tier: providerTier } : null,
    },
  })),
  next: rows.length === limit ? rows.at(-1)!.id : null,
})

/** What happened to one thing, for the modules whose thing it is. */
export async function activityOf(
  db: Parameters<typeof queries.listEvents>[0],
  subjectId: string,
  page: { after?: string | undefined; limit: number },
) {
  if (page.after !== undefined && !isUuid(page.after)) throw Invalid(say.nextOf)
  return activityPage(await queries.listEvents(db, { subjectId, ...page }), page.limit)
}

const mostMoves = 1000
const mostWays = 5000

/** The moves of some things since an instant, for the module whose things they are: how often each, and who made which together. */
export async function movesSince(
  db: Parameters<typeof queries.countMoves>[0],
  subjects: Parameters<typeof queries.countMoves>[1],
  since: Date,
) {
  const [moves, ways] = await Promise.all([
    queries.countMoves(db, subjects, since, mostMoves),
    queries.countWays(db, subjects, since, mostWays),
  ])
  return { moves, ways }
}
