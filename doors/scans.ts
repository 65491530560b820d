/**
 * Compliance scans come in here: as a form from the browser, or as the body itself from a runbook. The bytes go to the storage
 * as they come; a small file is read through at once, so that a wrong one is answered with the place, a large one by the job.
 */
import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { scanInput } from '../modules/security/contract.ts'
import { ScanRefused, upload } from '../modules/security/operations.ts'
import { checkScan, ScanError } from '../modules/security/scan-file.ts'
import type { Caller } from '../platform/context.ts'
import type { Execute } from '../platform/execute.ts'
import { shortFileName } from '../platform/file-name.ts'
import { v7 } from '../platform/ids.ts'
import { listed } from '../platform/messages.ts'
import { BadRequest, Invalid, leavesOpen, NoOrganization, Problem, TooLarge } from '../platform/problem.ts'
import { limited, type Storage, type Stored } from '../platform/storage.ts'
import { say } from './refusals.ts'

type Parts = { execute: Execute; identify(request: FastifyRequest): Promise<Caller>; storage: Storage }

const largest = 2 ** 29
/** Up to here the sender waits until the file is read through (about a second). */
const checkedAtOnce = 16 * 2 ** 20

export async function serveScans(app: FastifyInstance, { execute, identify, storage }: Parts) {
  await app.register(async (scope) => {
    // Any body is taken as it comes, as a stream; forms keep the parser of forms.
    scope.removeContentTypeParser(['application/json', 'text/plain'])
    scope.addContentTypeParser('*', (_request, body, done) => done(null, body))
    scope.post('/api/security/scans', async (request, reply) => {
      const caller = await identify(request)
      const organizationId = caller.actor.organizationId
      if (!organizationId) throw NoOrganization(say.chooseOrganization)
      // Asked before a byte is stored: the operation refuses, and remembers that it did.
      if (!caller.actor.permissions.has('scans.import')) await execute(upload, caller, {})
      const id = v7()
      try {
        const { stored, fileName, given } = await receive(request, storage, organizationId, id)
        const checked = stored.size <= checkedAtOnce ? await lookAt(storage.path(organizationId, id), fileName) : undefined
        const file = { id, fileName, fileSize: stored.size, sha256: stored.sha256 }
        const scan = await execute(upload, caller, { ...given, ...file, ...(checked && { checked }) })
        if (scan.status !== 'queued') await storage.remove(organizationId, id)
        return await reply.code(scan.status === 'duplicate' ? 200 : 201).send(scan)
      } catch (error) {
        // Without an answer from the database its row may be there, and must not lose its file.
        if (!leavesOpen(error)) await storage.remove(organizationId, id)
        throw error
      }
    })
  })
}

type Received = { stored: Stored; fileName: string; given: Record<string, unknown> }

async function receive(request: FastifyRequest, storage: Storage, organizationId: string, id: string): Promise<Received> {
  const said = { ...(request.query as Record<string, unknown>) }
  const name = said.fileName
  delete said.fileName
  for (const field of Object.keys(said)) checkField(field)
  if (request.isMultipart()) return receiveForm(request, storage, organizationId, id, said)
  const body = request.body as Readable | undefined
  if (!body) throw Invalid(say.scanBody)
  const stored = await storage.put(organizationId, id, limited(body, largest, tooLarge))
  if (stored.size === 0) throw ScanRefused(say.emptyBody)
  return { stored, fileName: shortFileName(typeof name === 'string' ? name : '', 'scan'), given: said }
}

const tooLarge = () => TooLarge(say.scanTooLarge)

function checkField(name: string) {
  if (!Object.hasOwn(scanInput, name))
    throw Invalid(say.scanField({ name, fields: listed(Object.keys(scanInput)) }), {
      errors: [{ pointer: `#/${name}`, detail: say.unknownField }],
    })
}

/** Reads the form: one file, streamed to its place, and the fields before or after it. */
async function receiveForm(
  request: FastifyRequest,
  storage: Storage,
  organizationId: string,
  id: string,
  said: Record<string, unknown>,
): Promise<Received> {
  const given = { ...said }
  let fileName = ''
  let stored: Stored | undefined
  try {
    for await (const part of request.parts({ limits: { fileSize: largest, files: 1, fields: 5, fieldSize: 1000 } })) {
      if (part.type === 'field') {
        checkField(part.fieldname)
        if (part.value !== '') given[part.fieldname] = String(part.value)
        continue
      }
      if (part.fieldname !== 'file') throw Invalid(say.fileField({ field: part.fieldname }))
      fileName = shortFileName(part.filename, 'scan')
      stored = await storage.put(organizationId, id, part.file)
      if (part.file.truncated) throw tooLarge()
    }
  } catch (error) {
    // What the parser of forms says has no status of its own; a form it cannot read is the sender's.
    if (error instanceof Problem || 'statusCode' in (error as Error) || 'code' in (error as Error)) throw error
    throw BadRequest(say.form({ reason: (error as Error).message }))
  }
  if (!stored) throw Invalid(say.noFile)
  return { stored, fileName, given }
}

/** Refuses a file that is no scan, with every place that is wrong. */
async function lookAt(path: string, fileName: string) {
  try {
    return await checkScan(path)
  } catch (error) {
    if (!(error instanceof ScanError)) throw error
    const { detail, problems } = error
    throw ScanRefused(say.inFile({ file: fileName, problem: detail }), {
      line: problems[0]!.line,
      path: problems[0]!.path,
      problems,
    })
  }
}
