/** Tasks as CSV or NDJSON, and the security register as CSV, streamed page by page along the list's own index: no cap, no table in memory. */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { recordFilter } from '../modules/security/contract.ts'
import { recordExport as recordSecurityExport, exportPage as securityPage } from '../modules/security/operations.ts'
import { TaskFilter } from '../modules/tasks/contract.ts'
import { exportPage, recordExport } from '../modules/tasks/operations.ts'
import type { Caller } from '../platform/context.ts'
import { csvLine } from '../platform/csv.ts'
import type { Execute } from '../platform/execute.ts'
import { fromQueryString, inputSchema } from '../platform/schemas.ts'

type Parts = { execute: Execute; identify(request: FastifyRequest): Promise<Caller>; database: unknown }

export function serveExports(app: FastifyInstance, { execute, identify }: Parts) {
  for (const format of ['csv', 'ndjson'] as const) {
    app.get(`/api/tasker/tasks/export.${format}`, async (request, reply) => {
      const caller = await identify(request)
      const filter = TaskFilter.parse(fromQueryString(request.query as Record<string, unknown>, inputSchema(exportPage)))
      // Reading everything is worth remembering, and is refused here when it is not allowed.
      await execute(recordExport, caller, { format, filter })
      const pages = lines(format, (after) => execute(exportPage, caller, { ...filter, ...(after && { after }) }))
      reply.header('content-type', format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
      reply.header('content-disposition', `attachment; filename="tasks-${new Date().toISOString().slice(0, 10)}.${format}"`)
      return reply.send(Readable.from(pages, { objectMode: false, highWaterMark: 1 << 16 }))
    })
  }
  app.get('/api/security/records/export.csv', async (request, reply) => {
    const caller = await identify(request)
    const given = fromQueryString(request.query as Record<string, unknown>, inputSchema(securityPage))
    const filter = z.strictObject(recordFilter).parse(given)
    await execute(recordSecurityExport, caller, { filter })
    const pages = lines('csv', (after) => execute(securityPage, caller, { ...filter, ...(after && { after }) }))
    reply.header('content-type', 'text/csv; charset=utf-8')
    reply.header('content-disposition', `attachment; filename="register-${new Date().toISOString().slice(0, 10)}.csv"`)
    return reply.send(Readable.from(pages, { objectMode: false, highWaterMark: 1 << 16 }))
  })
}

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
