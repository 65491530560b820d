/** The live stream (server-sent events) of the organization, and who else looks at a task. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { TaskRef } from '../modules/tasks/contract.ts'
import { get as getTask, openLive } from '../modules/tasks/operations.ts'
import type { Caller } from '../platform/context.ts'
import type { Execute } from '../platform/execute.ts'
import type { Happening, Live } from '../platform/live.ts'

type Parts = { execute: Execute; identify(request: FastifyRequest): Promise<Caller>; live: Live }

/** A lost membership, key or session ends its stream within this time (decisions §2). */
const checkMs = 4_000
/** A person who closed the lid is gone after this. */
const presenceMs = 45_000

export function serveLive(app: FastifyInstance, parts: Parts) {
  const streams = new Set<() => void>()
  app.addHook('preClose', async () => {
    for (const end of streams) end()
  })
  app.get('/api/live', (request, reply) => openStream(request, reply, parts, streams))
  servePresence(app, parts)
}

async function openStream(
  request: FastifyRequest,
  reply: FastifyReply,
  { execute, identify, live }: Parts,
  streams: Set<() => void>,
) {
  const caller = await identify(request)
  await execute(openLive, caller, request.query) // refuses, and notes for a client that its provider is listening
  const organizationId = caller.actor.organizationId!
  const raw = reply.takeOver()
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    connection: 'keep-alive',
  })
  raw.write('retry: 2000\n\n')
  const stopListening = live.listen(
    organizationId,
    (happening) => raw.write(`data: ${JSON.stringify(shown(happening))}\n\n`),
    () => raw.write('event: missed\ndata: {}\n\n'),
  )
  const check = setInterval(async () => {
    const now = await identify(request).catch(() => null)
    if (now?.actor.organizationId !== organizationId || !now.actor.permissions.has('tasks.read')) end()
    else raw.write(': still here\n\n')
  }, checkMs)
  const end = () => {
    clearInterval(check)
    stopListening()
    streams.delete(end)
    raw.end()
  }
  streams.add(end)
  request.raw.on('close', end)
}

const shown = ({ organizationId: _, ...happening }: Happening) => happening

const Looking = z.strictObject({ taskId: TaskRef, state: z.enum(['viewing', 'typing', 'left']) })
type Looker = { name: string; kind: string; state: 'viewing' | 'typing'; until: number }

function servePresence(app: FastifyInstance, { execute, identify, live }: Parts) {
  const byTask = new Map<string, Map<string, Looker>>()
  const attended = new Set<string>()

  const note = ({ subjectId, presence }: Happening) => {
    if (!subjectId || !presence) return
    const people = byTask.get(subjectId) ?? new Map<string, Looker>()
    if (presence.state === 'left') people.delete(presence.email)
    else
      people.set(presence.email, {
        name: presence.name,
        kind: presence.kind,
        state: presence.state,
        until: Date.now() + presenceMs,
      })
    for (const [email, looker] of people) if (looker.until < Date.now()) people.delete(email)
    if (people.size > 0) byTask.set(subjectId, people)
    else byTask.delete(subjectId)
  }
  /** Hears of every organization somebody here has asked about, from this process and the others. */
  const attend = (organizationId: string) => {
    if (attended.has(organizationId)) return
    attended.add(organizationId)
    live.listen(organizationId, (happening) => happening.action === 'presence' && note(happening))
  }

  app.post('/api/live/presence', async (request) => {
    const caller = await identify(request)
    const { taskId, state } = Looking.parse(request.body ?? {})
    const task = await execute(getTask, caller, { taskId }) // who may not see the task is not there
    const { email, name, kind, organizationId } = caller.actor
    attend(organizationId!)
    const presence = { email, name, kind, state }
    live.publish([
      {
        organizationId: organizationId!,
        action: 'presence',
        subjectType: 'task',
        subjectId: task.id,
        actorName: name,
        requestId: caller.requestId,
        presence,
      },
    ])
    const others = [...(byTask.get(task.id) ?? [])].filter(([other, looker]) => other !== email && looker.until > Date.now())
    return { people: others.map(([other, { until: _, ...looker }]) => ({ email: other, ...looker })) }
  })
}
