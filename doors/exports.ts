/** Tasks, the security register and the access log as files, streamed page by page along the list's own index: no cap, no table in memory. */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { activityExportPage, recordActivityExport } from '../modules/identity/operations.ts'
import type { AccessEntry } from '../modules/msp/contract.ts'
import { listAccess, recordAccessExport } from '../modules/msp/operations.ts'
import { contactColumns } from '../modules/people/contract.ts'
import { listContacts, recordContactsExport } from '../modules/people/operations.ts'
import { recordFilter } from '../modules/security/contract.ts'
import { recordExport as recordSecurityExport, exportPage as securityPage } from '../modules/security/operations.ts'
import { TaskFilter } from '../modules/tasks/contract.ts'
import { exportPage, recordExport } from '../modules/tasks/operations.ts'
import type { Caller } from '../platform/context.ts'
import { csvLine } from '../platform/csv.ts'
import type { Execute } from '../platform/execute.ts'
import { Unauthenticated } from '../platform/problem.ts'
import { fromQueryString, inputSchema } from '../platform/schemas.ts'
import { say } from './refusals.ts'

type Parts = { execute: Execute; identify(request: FastifyRequest): Promise<Caller>; database: unknown }

export function serveExports(app: FastifyInstance, parts: Parts) {
  const { execute, identify } = parts
  for (const format of ['csv', 'ndjson'] as const) {
    app.get(`/api/tasker/tasks/export.${format}`, async (request, reply) => {
      const caller = await identify(request)
      const filter = TaskFilter.parse(fromQueryString(request.query as Record<string, unknown>, inputSchema(exportPage)))
      // Reading everything is worth remembering, and is refused here when it is not allowed.
      await execute(recordExport, caller, { format, filter })
      const pages = lines(format, async (after) =>
        execute(exportPage, await still(parts, request, caller), { ...filter, ...(after && { after }) }),
      )
      return sendFile(reply, `tasks.${format}`, pages)
    })
  }

  for (const format of ['csv', 'ndjson'] as const) {
    app.get(`/api/activity/export.${format}`, async (request, reply) => {
      const caller = await identify(request)
      const given = fromQueryString(request.query as Record<string, unknown>, inputSchema(activityExportPage))
      const filter = recordActivityExport.input.shape.filter.parse(given)
      await execute(recordActivityExport, caller, { format, filter })
      const pages = lines(format, async (after) =>
        execute(activityExportPage, await still(parts, request, caller), { ...filter, ...(after && { after }) }),
      )
      return sendFile(reply, `activity.${format}`, pages)
    })
  }

  app.get('/api/security/records/export.csv', async (request, reply) => {
    const caller = await identify(request)
    const given = fromQueryString(request.query as Record<string, unknown>, inputSchema(securityPage))
    const filter = z.strictObject(recordFilter).parse(given)
    await execute(recordSecurityExport, caller, { filter })
    const pages = lines('csv', async (after) =>
      execute(securityPage, await still(parts, request, caller), { ...filter, ...(after && { after }) }),
    )
    return sendFile(reply, 'register.csv', pages)
  })

  app.get('/api/contacts/export.csv', async (request, reply) => {
    const caller = await identify(request)
    const filter = recordContactsExport.input.parse(
      fromQueryString(request.query as Record<string, unknown>, inputSchema(recordContactsExport)),
    )
    await execute(recordContactsExport, caller, filter)
    const pages = lines('csv', async (after) => {
      const page = await execute(listContacts, await still(parts, request, caller), {
        ...filter,
        limit: 200,
        ...(after && { after }),
      })
      return { columns: [...contactColumns], ...page }
    })
    return sendFile(reply, 'people.csv', pages)
  })

  app.get('/api/access/export.csv', async (request, reply) => {
    const caller = await identify(request)
    const filter = recordAccessExport.input.parse(
      fromQueryString(request.query as Record<string, unknown>, inputSchema(recordAccessExport)),
    )
    await execute(recordAccessExport, caller, filter)
    const pages = lines('csv', async (after) => {
      const page = await execute(listAccess, await still(parts, request, caller), {
        ...filter,
        limit: 200,
        ...(after && { after }),
      })
      return { columns: accessColumns, items: page.items.map(accessLine), next: page.next }
    })
    return sendFile(reply, 'access.csv', pages)
  })
}

/** Who loses access while a long file is on its way gets no more of it. */
async function still({ identify }: Parts, request: FastifyRequest, caller: Caller): Promise<Caller> {
  const now = await identify(request)
  if (now.actor.organizationId !== caller.actor.organizationId) throw Unauthenticated(say.leftDuringExport)
  return { ...now, requestId: caller.requestId }
}

function sendFile(reply: FastifyReply, name: string, pages: AsyncIterable<string>) {
  const dated = name.replace('.', `-${new Date().toISOString().slice(0, 10)}.`)
  reply.header('content-type', name.endsWith('.csv') ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
  reply.header('content-disposition', `attachment; filename="${dated}"`)
  return reply.send(Readable.from(pages, { objectMode: false, highWaterMark: 1 << 16 }))
}

const accessColumns = [
  ...['occurredAt', 'person', 'email', 'provider', 'tier', 'elevated', 'kind', 'operation', 'subjectType', 'subject'],
  ...['channel', 'actorKind', 'requestId', 'id'],
]

const accessLine = ({ person, provider, subject, ...entry }: AccessEntry) => ({
  ...entry,
  person: person.name,
  email: person.email,
  actorKind: person.kind,
  // Plainly named: whoever reads the file has no page beside it.
  provider: provider?.name ?? 'SuperAdmin of the installation',
  subjectType: subject?.type,
  subject: subject?.id,
})

type Page = { columns: string[]; items: Record<string, unknown>[]; next: string | null }

async function* lines(format: 'csv' | 'ndjson', read: (after: string | null) => Promise<Page>) {
  let after: string | null = null
  let first = true
  do {
    const page: Page = await read(after)
    const { columns } = page
    const head = format === 'csv' && first ? `\ufeff${csvLine(columns)}` : ''
    yield head +
      page.items
        .map((item) => (format === 'csv' ? csvLine(columns.map((column) => item[column])) : `${JSON.stringify(item)}\n`))
        .join('')
    first = false
    after = page.next
  } while (after)
}
