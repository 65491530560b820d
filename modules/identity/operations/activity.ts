/** The activity log of the organization (reference §26). */
import { z } from 'zod'
import { channels } from '../../../platform/context.ts'
import { Id, next, paging, text } from '../../../platform/fields.ts'
import { isUuid } from '../../../platform/ids.ts'
import { query } from '../../../platform/operation.ts'
import { Invalid } from '../../../platform/problem.ts'
import { Activity } from '../contract.ts'
import * as queries from '../queries.ts'

export const listActivity = query({
  name: 'activity.list',
  summary: 'Who did what in the organization, newest first',
  route: 'GET /activity',
  permission: 'activity.read',
  input: z.strictObject({
    subjectId: text(120).optional().describe('Only what happened to this'),
    action: text(60).optional().describe('Such as task.moved'),
    channel: z.enum(channels).optional(),
    actor: text(254).optional().describe('Name of who did it'),
    after: Id.optional().describe('`next` of the page before'),
    limit: paging.limit,
  }),
  output: z.object({ items: z.array(Activity), next }),
  run: async ({ db }, filter) => activityPage(await queries.listEvents(db, filter), filter.limit),
})

type EventOnPage = Awaited<ReturnType<typeof queries.listEvents>>[number]

/** Rows of `events` as the outside sees them. */
export const activityPage = (rows: EventOnPage[], limit: number) => ({
  items: rows.map(({ actorId, actorKind, actorName, providerId, providerName, providerTier, ...row }) => ({
    ...row,
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
  if (page.after !== undefined && !isUuid(page.after)) throw Invalid('after: give `next` of the page before.')
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
