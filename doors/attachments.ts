/** Files in and out. The bytes go to the storage; what is recorded and who may see it is decided by operations. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { fileTypeFromBuffer } from 'file-type'
import { attach, getAttachment, inlineTypes, obstacleToAttaching, safeFileName } from '../modules/comments/operations.ts'
import type { Caller } from '../platform/context.ts'
import type { Execute } from '../platform/execute.ts'
import { v7 } from '../platform/ids.ts'
import { BadRequest, Invalid, leavesOpen, NoOrganization, TooLarge } from '../platform/problem.ts'
import type { Storage } from '../platform/storage.ts'
import { say } from './refusals.ts'

type Parts = { execute: Execute; identify(request: FastifyRequest): Promise<Caller>; storage: Storage; maxBytes: number }

export function serveAttachments(app: FastifyInstance, { execute, identify, storage, maxBytes }: Parts) {
  app.post('/api/tasker/tasks/:taskId/attachments', async (request, reply) => {
    const caller = await identify(request)
    const organizationId = caller.actor.organizationId
    if (!organizationId) throw NoOrganization(say.chooseOrganization)
    // Asked before a byte is stored: the operation refuses, and remembers that it did.
    if (!caller.actor.permissions.has('comments.write')) await execute(attach, caller, {})
    if (!request.isMultipart()) throw Invalid(say.fileAsForm)
    const limits = { fileSize: maxBytes, files: 1, fields: 5, fieldSize: 1000 }
    const part = await request.file({ limits }).catch(unreadable)
    if (part?.fieldname !== 'file') throw Invalid(say.noFile)
    const fileName = safeFileName(part.filename)
    const obstacle = obstacleToAttaching(fileName)
    if (obstacle) throw obstacle
    const id = v7()
    const { size, sha256, head } = await storage.put(organizationId, id, part.file)
    try {
      if (part.file.truncated) throw TooLarge(say.attachmentTooLarge({ file: fileName, most: Math.floor(maxBytes / 2 ** 20) }))
      const commentId = (part.fields.commentId as { value?: string } | undefined)?.value ?? null
      const contentType =
        (await fileTypeFromBuffer(head))?.mime ?? (looksLikeText(head) ? 'text/plain' : 'application/octet-stream')
      const { taskId } = request.params as { taskId: string }
      const attachment = await execute(attach, caller, { taskId, id, commentId, fileName, contentType, size, sha256 })
      return await reply.code(201).send(attachment)
    } catch (error) {
      // Without an answer from the database its row may be there, and must not lose its file.
      if (!leavesOpen(error)) await storage.remove(organizationId, id)
      throw error
    }
  })

  app.get('/api/tasker/attachments/:attachmentId', async (request, reply) => {
    const caller = await identify(request)
    const { inline, ...extra } = request.query as Record<string, string>
    const unknown = Object.keys(extra)[0]
    if (unknown !== undefined) throw Invalid(say.noParameter({ name: unknown }))
    const attachment = await execute(getAttachment, caller, request.params)
    const shown = inline === '1' && inlineTypes.has(attachment.contentType)
    reply.header('content-type', shown ? attachment.contentType : 'application/octet-stream')
    reply.header('content-length', attachment.size)
    reply.header('content-disposition', disposition(shown ? 'inline' : 'attachment', attachment.fileName))
    reply.header('content-security-policy', "default-src 'none'; sandbox")
    reply.header('x-content-type-options', 'nosniff')
    reply.header('cache-control', 'private, max-age=3600')
    return reply.send(storage.get(caller.actor.organizationId!, attachment.id))
  })
}

/** What the parser of forms says has no status of its own; a form it cannot read is the sender's. */
function unreadable(error: Error): never {
  throw 'statusCode' in error ? error : BadRequest(say.form({ reason: error.message }))
}

/** RFC 6266: an ASCII name for old readers, the real one beside it. */
const disposition = (how: string, name: string) =>
  `${how}; filename="${name.replace(/[^\x20-\x7e]|["\\]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`

/** Without a byte that texts do not have. The type is only a hint to the reader: such a file is never shown in place. */
const looksLikeText = (head: Buffer) => !head.some((byte) => byte < 9 || (byte > 13 && byte < 32))
