/** One pane over all clients: how each stands, and all their open tickets. Every client shown learns that it was. */
import { z } from 'zod'
import { decodeCursor, encodeCursor, Id, next, paging, text } from '../../../platform/fields.ts'
import { isUuid } from '../../../platform/ids.ts'
import { query } from '../../../platform/operation.ts'
import { BadRequest } from '../../../platform/problem.ts'
import { complianceOfClients } from '../../security/operations.ts'
import { ClientOverview, QueuedTask, queueSorts } from '../contract.ts'
import * as queries from '../queries.ts'
import { say } from '../rules.ts'

export const clientDashboard = query({
  name: 'msp.dashboard',
  replica: true,
  summary: 'How each client stands: compliance, open and breaching tickets, major incidents, seats',
  route: 'GET /msp/dashboard',
  permission: 'clients.read',
  input: z.strictObject({}),
  output: z.object({ items: z.array(ClientOverview) }),
  mcp: { tool: 'get_msp_dashboard' },
  async run(ctx) {
    const rows = await queries.listOverview(ctx.db)
    const ids = rows.map(({ id }) => id)
    const compliance = await complianceOfClients(ctx, ids)
    ctx.noteReadsOf(ids)
    return {
      items: rows.map(({ id, name, slug, members, licenseLimit, major, ...row }) => ({
        ...row,
        organization: { id, name, slug },
        users: members,
        seatLimit: licenseLimit,
        majorIncidents: major,
        compliance: compliance.get(id)!,
      })),
    }
  },
})

export const clientQueue = query({
  name: 'msp.queue',
  replica: true,
  summary: 'Open tickets of all clients in one list',
  route: 'GET /msp/queue',
  permission: 'clients.read',
  input: z.strictObject({
    clients: z.array(Id).max(200).optional().describe('Only of these client organizations'),
    statusCategory: z
      .array(z.enum(['new', 'active', 'waiting']))
      .max(3)
      .optional(),
    priority: z.array(text(60)).max(20).optional(),
    assignedTo: text(254).optional().describe('E-mail address, me or none'),
    overdue: z.boolean().optional().describe('Only tickets past a due time'),
    majorIncident: z.boolean().optional().describe('true: only major incidents'),
    sort: z.enum(queueSorts).default('due').describe('due: most urgent first; updated: newest change first'),
    ...paging,
  }),
  output: z.object({ items: z.array(QueuedTask), next }),
  mcp: { tool: 'list_msp_queue' },
  async run(ctx, { clients, statusCategory, priority, assignedTo, overdue, majorIncident, sort, after, limit }) {
    const rows = await queries.listQueue(ctx.db, {
      clients,
      categories: statusCategory,
      priorities: priority,
      assignee: assignedTo === 'me' ? ctx.actor.email : assignedTo === 'none' ? '' : assignedTo?.toLowerCase(),
      breaching: overdue ?? false,
      major: majorIncident ?? false,
      byUpdate: sort === 'updated',
      after: positionOf(after, sort),
      limit,
    })
    ctx.noteReadsOf(rows.map(({ organizationId }) => organizationId))
    const last = rows.at(-1)
    return {
      items: rows.map(({ organizationId, organizationName, prefix, number, sortKey: _, ...row }) => ({
        ...row,
        organization: { id: organizationId, name: organizationName },
        key: `${prefix}-${number}`,
      })),
      next: last && rows.length === limit ? encodeCursor([sort, last.sortKey, last.id]) : null,
    }
  },
})

function positionOf(after: string | undefined, sort: string) {
  if (after === undefined) return null
  const [order, key, id] = decodeCursor(after, 3) ?? []
  const isTime = typeof key === 'string' && /^(infinity|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:\d\d)?))$/.test(key)
  if (order !== sort || !isTime || typeof id !== 'string' || !isUuid(id)) throw BadRequest(say.nextOf)
  return { key, id }
}
