/** The load: people and programs at work in a few organizations, each change with a mark of its own. */
import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { BenchOrganization } from '../bench/seed.ts'
import { seedId } from '../modules/profiles/contract.ts'
import type { Answer, Sending, Sent } from './requests.ts'
import { ask, newKey, send } from './requests.ts'

type Known = { id: string; organization: BenchOrganization }

/** Where a ticket of ITIL Incident may go next, with what the state wants. */
const moves: Record<string, readonly string[]> = {
  New: ['Assigned'],
  Assigned: ['In Progress'],
  'In Progress': ['On Hold', 'Pending', 'Resolved', 'Resolved'],
  'On Hold': ['In Progress'],
  Pending: ['In Progress'],
  Resolved: ['Closed', 'In Progress'],
}

export type Crew = ReturnType<typeof crew>

/** @param size how many work at once */
export function crew(sending: Sending, organizations: readonly BenchOrganization[], size: number) {
  const { random, journal, servers } = sending
  const known: Known[] = []
  const keyOrNot = () => (random.chance(0.7) ? newKey() : null)
  const anyTask = () => known[Math.max(0, known.length - 1 - random.below(Math.min(known.length, 200)))]

  async function create() {
    const organization = random.pick(organizations)
    const mark = journal.mark('create')
    const incident = random.chance(0.7)
    const body = {
      title: mark,
      description: `Made by the load as ${mark}.`,
      category: 'IT',
      assignedToEmail: 'agent1@bench.example',
      ...(incident && {
        profileId: seedId('itil-incident', organization.id),
        priority: 'High',
        impact: 'Medium',
        urgency: 'High',
      }),
    }
    const request: Sent = { organization, method: 'POST', path: '/tasker/tasks', body, key: keyOrNot() }
    const answer = await send(sending, 'create', mark, request, ({ body: task }) => ({
      taskId: String(task.id),
      number: Number(task.number),
    }))
    if (answer?.status === 201) known.push({ id: String(answer.body.id), organization })
  }

  /** A change of fields, or a move with one; based on what was read when it takes a version. */
  async function change() {
    const task = anyTask()
    if (!task) return create()
    const { organization, id } = task
    const read = await ask(random.pick(servers).url, { organization, method: 'GET', path: `/tasker/tasks/${id}` })
    if (read?.status !== 200) return
    const mark = journal.mark('change')
    const status = random.chance(0.6) && read.body.profileId ? random.pick(moves[String(read.body.status)] ?? ['']) : ''
    const body = {
      businessService: mark,
      ...(status && { status }),
      ...(status === 'Resolved' && { resolutionCode: 'Fixed', resolutionNotes: 'Done by the load.' }),
      ...(random.chance(0.3) && { ifVersion: Number(read.body.version) }),
    }
    const request: Sent = { organization, method: 'PATCH', path: `/tasker/tasks/${id}`, body, key: keyOrNot() }
    await send(sending, 'change', mark, request, () => ({ taskId: id }))
  }

  async function comment() {
    const task = anyTask()
    if (!task) return create()
    const mark = journal.mark('comment')
    const body = { body: mark, visibility: random.pick(['public', 'internal']) }
    const path = `/tasker/tasks/${task.id}/comments`
    const request: Sent = { organization: task.organization, method: 'POST', path, body, key: keyOrNot() }
    await send(sending, 'comment', mark, request, (answer) => ({ taskId: task.id, id: String(answer.body.id) }))
  }

  async function bulk() {
    const first = anyTask()
    if (!first) return create()
    const mark = journal.mark('bulk')
    const taskIds = [...new Set(known.filter(({ organization }) => organization === first.organization).slice(-20))].map(
      ({ id }) => id,
    )
    const body = { taskIds, change: { businessService: mark } }
    const request: Sent = { organization: first.organization, method: 'POST', path: '/tasker/tasks/bulk', body, key: keyOrNot() }
    await send(sending, 'bulk', mark, request, (answer) => ({ count: Number(answer.body.changed) }))
  }

  async function watch() {
    const task = anyTask()
    if (!task) return create()
    const mark = journal.mark('watch')
    const body = { add: [`${mark}@bench.example`] }
    const path = `/tasker/tasks/${task.id}/watchers`
    const request: Sent = { organization: task.organization, method: 'POST', path, body, key: keyOrNot() }
    await send(sending, 'watch', mark, request, () => ({ taskId: task.id }))
  }

  async function attach() {
    const task = anyTask()
    if (!task) return create()
    const mark = journal.mark('attach')
    const bytes = randomBytes(2_000 + random.below(60_000))
    const body = new FormData()
    body.append('file', new Blob([bytes]), `${mark}.bin`)
    const path = `/tasker/tasks/${task.id}/attachments`
    const request: Sent = { organization: task.organization, method: 'POST', path, body }
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await send(sending, 'attach', mark, request, (answer) => ({ taskId: task.id, id: String(answer.body.id), sha256 }))
  }

  /** Uploads a table and starts it; half of its rows have keys, and the key of the start makes it start once. */
  async function importing(length: number) {
    const organization = random.pick(organizations)
    const mark = journal.mark('import')
    const rows = Array.from({ length }, (_, n) => `${mark} row ${n},IT,Normal,${n % 2 ? `${mark}/${n}` : ''}`)
    const file = new FormData()
    file.append('kind', 'csv')
    file.append('file', new Blob([`title,category,priority,externalId\n${rows.join('\n')}\n`]), `${mark}.csv`)
    const uploaded = await ask(random.pick(servers).url, { organization, method: 'POST', path: '/imports', body: file })
    if (uploaded?.status !== 201) return
    const id = String(uploaded.body.id)
    const mapping = { title: 'title', category: 'category', priority: 'priority', externalId: 'externalId' }
    const request: Sent = { organization, method: 'POST', path: `/imports/${id}/start`, body: { mapping }, key: newKey() }
    await send(sending, 'import', mark, request, (): { id: string; count: number } => ({ id, count: length }))
  }

  const work = [
    ...Array(5).fill(create),
    ...Array(8).fill(change),
    ...Array(5).fill(comment),
    ...Array(2).fill(watch),
    ...Array(2).fill(attach),
    bulk,
  ] as (() => Promise<unknown>)[]

  async function worker() {
    while (!sending.ending()) {
      const before = journal.count('unknown')
      await random.pick(work)()
      // Whoever gets no answer does not ask again at once.
      await wait(random.below(journal.count('unknown') > before ? 500 : 40))
    }
  }

  return {
    /** Works until `ending`; settles when everything begun has been answered. */
    run: () => Promise.all(Array.from({ length: size }, worker)),
    importing,
    /** One small change on one server, as a sign of life; whether it was acknowledged. */
    async probe(url: string, organization: BenchOrganization): Promise<{ taskId: string; answer: Answer | null }> {
      const mark = journal.mark('create')
      const request: Sent = {
        organization,
        method: 'POST',
        path: '/tasker/tasks',
        body: { title: mark, category: 'IT', assignedToEmail: 'agent1@bench.example' },
      }
      const only = { ...sending, servers: servers.filter((server) => server.url === url) }
      const answer = await send(only, 'create', mark, request, ({ body }) => ({
        taskId: String(body.id),
        number: Number(body.number),
      }))
      return { taskId: String(answer?.body.id), answer }
    },
  }
}
