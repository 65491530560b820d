/** Files to import come in here: streamed to the storage, looked at, and recorded when they can be read. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { importKinds } from '../modules/imports/contract.ts'
import { FileRefused, sampleLimits, upload } from '../modules/imports/operations.ts'
import type { Caller } from '../platform/context.ts'
import type { Execute } from '../platform/execute.ts'
import { shortFileName } from '../platform/file-name.ts'
import { v7 } from '../platform/ids.ts'
import { list } from '../platform/messages.ts'
import { BadRequest, Invalid, leavesOpen, NoOrganization, Problem, TooLarge } from '../platform/problem.ts'
import type { Storage, Stored } from '../platform/storage.ts'
import { openTable, TableError, type TableRow } from '../platform/table-file.ts'
import { say } from './refusals.ts'

type Parts = { execute: Execute; identify(request: FastifyRequest): Promise<Caller>; storage: Storage }

const largest = 2 ** 30

export function serveImports(app: FastifyInstance, { execute, identify, storage }: Parts) {
  app.post('/api/imports', async (request, reply) => {
    const caller = await identify(request)
    const organizationId = caller.actor.organizationId
    if (!organizationId) throw NoOrganization(say.chooseOrganization)
    // Asked before a byte is stored: the operation refuses, and remembers that it did.
    if (!caller.actor.permissions.has('imports.run')) await execute(upload, caller, {})
    if (!request.isMultipart()) throw Invalid(say.importAsForm)
    const id = v7()
    try {
      const { stored, fileName, kind } = await receive(request, storage, organizationId, id)
      const { columns, sample } = await lookAt(storage.path(organizationId, id), fileName)
      const made = await execute(upload, caller, {
        id,
        kind,
        fileName,
        fileSize: stored.size,
        columns,
        sample: JSON.stringify(sample),
      })
      return await reply.code(201).send(made)
    } catch (error) {
      // Without an answer from the database its row may be there, and must not lose its file.
      if (!leavesOpen(error)) await storage.remove(organizationId, id)
      throw error
    }
  })
}

type Received = { stored?: Stored; fileName: string; kind?: string }

/** Reads the form: one file, streamed to its place, and the field `kind` before or after it. */
async function receive(request: FastifyRequest, storage: Storage, organizationId: string, id: string) {
  const received: Received = { fileName: '' }
  try {
    for await (const part of request.parts({ limits: { fileSize: largest, files: 1, fields: 5, fieldSize: 1000 } })) {
      if (part.fieldname !== (part.type === 'field' ? 'kind' : 'file')) throw Invalid(say.importField({ field: part.fieldname }))
      if (part.type === 'field') {
        received.kind = String(part.value)
        continue
      }
      received.fileName = shortFileName(part.filename, 'import.csv')
      received.stored = await storage.put(organizationId, id, part.file)
      if (part.file.truncated) throw TooLarge(say.importTooLarge)
    }
  } catch (error) {
    // What the parser of forms says has no status of its own; a form it cannot read is the sender's.
    if (error instanceof Problem || 'statusCode' in (error as Error) || 'code' in (error as Error)) throw error
    throw BadRequest(say.form({ reason: (error as Error).message }))
  }
  const { stored, fileName, kind } = received
  if (!stored) throw Invalid(say.noFile)
  const known = importKinds.find((each) => each === kind)
  if (!known) throw Invalid(say.importKind({ kinds: list(importKinds) }))
  return { stored, fileName, kind: known }
}

/** The header and the first rows; a file that cannot be read is refused here, with the line. */
async function lookAt(path: string, fileName: string) {
  try {
    const { columns, rows } = await openTable(path)
    const sample: TableRow[] = []
    let size = 0
    for await (const row of rows) {
      sample.push(row)
      size += row.values.reduce((sum, value) => sum + value.length, 0)
      if (sample.length >= sampleLimits.rows || size >= sampleLimits.characters) break
    }
    return { columns, sample }
  } catch (error) {
    if (error instanceof TableError)
      throw FileRefused(say.inFile({ file: fileName, problem: error.detail }), { line: error.line })
    throw error
  }
}
