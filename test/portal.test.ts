/** What a Requester sees and does: own requests as far as they are public, and nothing else of the organization. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { NewTask } from '../modules/tasks/contract.ts'
import { fileForm, type Headers, type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let organization: TestOrganization
let rita: Headers
let address: string
let staff: Headers

beforeAll(async () => {
  product = await testProduct()
  organization = await product.given.organization('Acme')
  staff = { 'x-api-key': organization.keys.OrgAdmin }
})
afterAll(() => product?.stop())
beforeEach(async () => {
  const member = await product.given.member(organization, 'Requester')
  address = member.email
  rita = { cookie: await product.given.session(address), origin: 'http://localhost' }
})

const theirs = (input: Partial<NewTask> = {}) =>
  product.given.task(organization, { requesterEmail: address, visibility: 'CustomerVisible', ...input })
const comment = async (taskId: string, body: string, visibility: string) =>
  (await product.request('POST', `/api/tasker/tasks/${taskId}/comments`, staff, { body, visibility })).body as { id: string }
const read = (ref: string) => product.request('GET', `/api/portal/requests/${ref}`, rita)
const listed = async (query = '') =>
  ((await product.request('GET', `/api/portal/requests${query}`, rita)).body.items as { id: string }[]).map(({ id }) => id)

describe('a Requester', () => {
  test('submits a request, finds it, and answers on it; the desk sees whose it is', async () => {
    const { status, body } = await product.request('POST', '/api/portal/requests', rita, {
      title: 'The printer is out of toner',
      description: 'Third floor.',
      category: 'IT',
    })
    expect([status, body.statusCategory]).toEqual([201, 'new'])
    expect(await listed()).toEqual([body.id])
    const answered = await product.request('POST', `/api/portal/requests/${body.key}/answers`, rita, { body: 'Still empty.' })
    expect(answered.status).toBe(201)
    expect((await read(String(body.key))).body).toMatchObject({
      description: 'Third floor.',
      answers: [{ body: 'Still empty.', mine: true }],
      mayAnswer: true,
    })
    const task = (await product.request('GET', `/api/tasker/tasks/${body.id}`, staff)).body
    expect(task).toMatchObject({
      requesterEmail: address,
      source: 'Portal',
      visibility: 'CustomerVisible',
      firstResponseAt: null,
    })
  })

  test('reads public answers, and neither internal notes nor deleted ones', async () => {
    const task = await theirs()
    await comment(task.id, 'We are on it.', 'public')
    await comment(task.id, 'Probably the user again.', 'internal')
    const gone = await comment(task.id, 'Wrong ticket.', 'public')
    await product.request('DELETE', `/api/tasker/comments/${gone.id}`, staff)
    const { text, body } = await read(task.id)
    expect((body.answers as { body: string; mine: boolean }[]).map(({ body: said, mine }) => [said, mine])).toEqual([
      ['We are on it.', false],
    ])
    expect(text).not.toMatch(/Probably|Wrong ticket/)
    expect(Object.keys(body).sort()).toEqual(
      [
        ...['id', 'key', 'title', 'category', 'status', 'statusCategory', 'createdAt', 'updatedAt', 'closedAt'],
        ...['description', 'answers', 'attachments', 'mayAnswer'],
      ].sort(),
    )
  })

  test('gets the files of public answers, and no others', async () => {
    const task = await theirs()
    const upload = async (to: { id: string } | null) => {
      const form = fileForm('x.txt', 'words', to ? { commentId: to.id } : {})
      const answer = await product.request(
        'POST',
        `/api/tasker/tasks/${task.id}/attachments`,
        { ...staff, ...form.headers },
        form.payload,
      )
      return String(answer.body.id)
    }
    const open = await upload(await comment(task.id, 'See the file.', 'public'))
    const closed = [await upload(await comment(task.id, 'Look at this.', 'internal')), await upload(null)]
    const { body } = await read(task.id)
    expect((body.answers as { attachments: { id: string }[] }[])[0]!.attachments.map(({ id }) => id)).toEqual([open])
    const got = (id: string) => product.request('GET', `/api/tasker/attachments/${id}`, rita)
    expect((await got(open)).text).toBe('words')
    // Nor are they told that there is one, or of which task.
    for (const id of closed) expect((await got(id)).body).toMatchObject({ status: 404, error: 'NO_SUCH_ATTACHMENT' })
    await product.request('PATCH', `/api/tasker/tasks/${task.id}`, staff, { requesterEmail: 'other@example.com' })
    expect((await got(open)).body).toMatchObject({ status: 404, error: 'NO_SUCH_ATTACHMENT' })
  })

  test.each([
    ["somebody else's", { requesterEmail: 'other@example.com' }],
    ['an internal one', { visibility: 'Internal' }],
  ])('does not reach %s, by list, id, number or answer', async (_, input) => {
    const task = await theirs(input as Partial<NewTask>)
    expect(await listed()).toEqual([])
    for (const ref of [task.id, task.key]) {
      expect((await read(ref)).status).toBe(404)
      const answer = await product.request('POST', `/api/portal/requests/${ref}/answers`, rita, { body: 'Let me in.' })
      expect(answer.status).toBe(404)
    }
    expect((await product.request('GET', `/api/tasker/tasks/${task.id}`, rita)).status).toBe(403)
  })

  test('no longer reaches one that was deleted or made internal', async () => {
    const [deleted, hidden] = [await theirs(), await theirs()]
    await product.request('DELETE', `/api/tasker/tasks/${deleted.id}`, staff)
    await product.request('PATCH', `/api/tasker/tasks/${hidden.id}`, staff, { visibility: 'Internal' })
    expect(await listed()).toEqual([])
    expect([(await read(deleted.id)).status, (await read(hidden.id)).status]).toEqual([404, 404])
  })

  test('is told where to go when the request was joined to another', async () => {
    const [one, other] = [await theirs(), await theirs({ requesterEmail: 'other@example.com' })]
    await product.request('POST', `/api/tasker/tasks/${one.id}/merge`, staff, { into: other.id })
    expect((await read(one.id)).body.mayAnswer).toBe(false)
    const refused = await product.request('POST', `/api/portal/requests/${one.id}/answers`, rita, { body: 'And now?' })
    expect([refused.status, refused.body.error]).toEqual([409, 'CONFLICT'])
    expect(refused.text).not.toContain(other.key)
  })

  test('pages through them, open ones apart from the rest', async () => {
    const tasks = [await theirs(), await theirs(), await theirs()]
    await product.request('PATCH', `/api/tasker/tasks/${tasks[1]!.id}`, staff, { status: 'Cancelled' })
    const newest = tasks.map(({ id }) => id).reverse()
    expect(await listed()).toEqual(newest)
    expect(await listed('?open=true')).toEqual([newest[0], newest[2]])
    expect(await listed('?open=false')).toEqual([newest[1]])
    expect(await listed('?limit=2')).toEqual(newest.slice(0, 2))
    expect(await listed(`?limit=2&after=${newest[1]}`)).toEqual(newest.slice(2))
  })

  test('answers what the category asks, and is told what is missing', async () => {
    const fields = [{ key: 'building', label: 'Building', type: 'text', required: true }]
    await product.request('POST', '/api/settings/categories', staff, { name: 'Facilities', fields })
    const form = (await product.request('GET', '/api/portal/form', rita)).body.categories as { name: string; fields: unknown[] }[]
    expect(form.find(({ name }) => name === 'Facilities')!.fields).toHaveLength(1)
    const submit = (customFields?: object) =>
      product.request('POST', '/api/portal/requests', rita, {
        title: 'The door sticks',
        category: 'Facilities',
        ...(customFields && { customFields }),
      })
    expect((await submit()).body).toMatchObject({ error: 'FIELD_REQUIRED', errors: [{ pointer: '#/customFields/building' }] })
    expect((await submit({ building: 'B2' })).status).toBe(201)
  })
})

test('whoever works at the desk has own requests too, and sees there what a requester sees', async () => {
  const member = await product.given.member(organization, 'Auditor')
  const headers = { cookie: await product.given.session(member.email), origin: 'http://localhost' }
  const wanted = { title: 'A new keyboard', category: 'IT' }
  const { status, body } = await product.request('POST', '/api/portal/requests', headers, wanted)
  expect(status).toBe(201)
  await comment(String(body.id), 'Give them the old one.', 'internal')
  const { text } = await product.request('GET', `/api/portal/requests/${body.id}`, headers)
  expect(text).not.toContain('old one')
})
