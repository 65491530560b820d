import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { importing } from '../../test/importing.ts'
import { type TestOrganization, type TestProduct, testProduct } from '../../test/product.ts'

let product: TestProduct
let it: ReturnType<typeof importing>
let organization: TestOrganization

beforeAll(async () => {
  product = await testProduct({ services: ['server'] })
  it = importing(product)
})
afterAll(() => product.stop())

async function fresh() {
  organization = await product.given.organization()
  await product.given.seeds(organization)
  return organization
}

const incidentId = (of: TestOrganization) => `profile-itil-incident-${of.id}`
const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => `K${from + n},Ticket ${from + n},IT`)
const many = (count: number) => ['Key,Title,Category', ...rows(0, count)].join('\n')

describe('a CSV', () => {
  test('becomes tasks through the process, by the columns its owner maps', async () => {
    await fresh()
    const csv =
      'Nr;Betreff;Text;Art;Prio;Zustand;Von;Marken\n' +
      'A1;"Drucker; brennt";"Zeile 1\nZeile 2";Hardware;Medium;In Progress;Ann@Example.com;"x, y"\n' +
      "A2;'=SUM(1);;IT;high;;;\n"
    const id = await it.uploaded(organization, 'csv', `\ufeff${csv}`)
    const mapping = {
      Nr: 'externalId',
      Betreff: 'title',
      Text: 'description',
      Art: 'category',
      Prio: 'priority',
      Zustand: 'status',
      Von: 'requesterEmail',
      Marken: 'tags',
    }
    const started = await it.start(organization, id, { mapping, values: { category: { hardware: 'IT' } } })
    expect(started).toMatchObject({ status: 200, body: { status: 'queued', mapping } })
    await it.run(organization, id)
    expect(await it.get(organization, id)).toMatchObject({
      status: 'finished',
      totalRows: 2,
      doneRows: 2,
      createdCount: 2,
      failedCount: 0,
      error: null,
    })
    const [first, second] = await it.tasks(organization)
    expect(first).toMatchObject({
      title: 'Drucker; brennt',
      category: 'IT',
      priority: 'Normal',
      status: 'InProgress',
      requesterEmail: 'ann@example.com',
      tags: ['x', 'y'],
      number: 1001,
      version: 2,
    })
    expect(second).toMatchObject({ title: '=SUM(1)', priority: 'High', status: 'Open', number: 1002 })
    const activity = await it.activity(organization, 'TATER-1001')
    expect(activity).toMatchObject([
      {
        action: 'task.created',
        channel: 'api',
        actor: { kind: 'system', name: 'OrgAdmin key' },
        data: { after: { source: 'Import' } },
      },
      { action: 'task.moved', data: { from: 'Open', to: 'InProgress' } },
    ])
    const found = await it.call(organization, 'GET', '/tasker/tasks?q=Zeile')
    expect(found.body.items).toHaveLength(1)
  })

  test('is previewed with the verdicts the import gives, and a preview writes nothing', async () => {
    await fresh()
    const csv = [
      'Key,Title,Description,Category,Priority,Impact,Urgency,Assignee,Status,Resolution code',
      'k1,Good,d,IT,High,High,Low,a@example.com,,',
      'k2,No category,d,Nonsense,High,High,Low,a@example.com,,',
      'k3,,d,IT,High,High,Low,a@example.com,,',
      'k4,Unknown status,d,IT,High,High,Low,a@example.com,Sleeping,',
      'k5,Resolved without a word,d,IT,High,High,Low,a@example.com,Resolved,',
      'k6,Working,d,IT,High,High,Low,a@example.com,in progress,',
      'k1,Twice,d,IT,High,High,Low,a@example.com,,',
      'k8,Too,many,IT,High,High,Low,a@example.com,,,x',
      'k9,No assignee,d,IT,High,High,Low,,,',
      'k10,Not an address,d,IT,High,High,Low,nobody,,',
    ].join('\n')
    const id = await it.uploaded(organization, 'csv', csv)
    const profileId = incidentId(organization)
    const preview = await it.preview(organization, id, { profileId })
    expect(preview.suggestedMapping).toEqual({
      Key: 'externalId',
      Title: 'title',
      Description: 'description',
      Category: 'category',
      Priority: 'priority',
      Impact: 'impact',
      Urgency: 'urgency',
      Assignee: 'assignedToEmail',
      Status: 'status',
      'Resolution code': 'resolutionCode',
    })
    expect(await it.tasks(organization)).toEqual([])
    const refused = preview.rows.filter(({ ok }) => !ok).map(({ line, message }) => ({ line, message, notice: false }))
    expect(refused).toEqual([
      expect.objectContaining({ line: 3, message: expect.stringContaining('Nonsense') }),
      expect.objectContaining({ line: 4, message: expect.stringContaining('title') }),
      expect.objectContaining({ line: 5, message: expect.stringContaining('Sleeping') }),
      expect.objectContaining({ line: 6, message: expect.stringMatching(/Resolution code.*Resolution notes/) }),
      expect.objectContaining({ line: 9, message: expect.stringContaining('11 values, the header names 10 columns') }),
      expect.objectContaining({ line: 10, message: expect.stringContaining('Assigned to') }),
      expect.objectContaining({ line: 11, message: expect.stringContaining('e-mail') }),
    ])
    await it.start(organization, id, { mapping: preview.suggestedMapping, profileId })
    await it.run(organization, id)
    expect(await it.errors(organization, id)).toEqual(refused)
    expect(await it.get(organization, id)).toMatchObject({
      status: 'finished',
      createdCount: 2,
      unchangedCount: 1,
      failedCount: 7,
      doneRows: 10,
    })
    expect((await it.activity(organization, 'TATER-1002')).map(({ data }) => (data as unknown as { to?: string }).to)).toEqual([
      undefined,
      'Assigned',
      'In Progress',
    ])
  })

  test('a second time changes nothing', async () => {
    await fresh()
    const run = async (csv: string) => {
      const id = await it.uploaded(organization, 'csv', csv)
      const { suggestedMapping, rows } = await it.preview(organization, id)
      await it.start(organization, id, { mapping: suggestedMapping })
      await it.run(organization, id)
      return { ...(await it.get(organization, id)), rows }
    }
    expect(await run(many(30))).toMatchObject({ createdCount: 30, unchangedCount: 0 })
    const before = await it.tasks(organization)
    const [{ count }] = (await product.asOwner('select count(*)::int from events where organization_id = $1', [
      organization.id,
    ])) as [{ count: number }]
    const again = await run(many(31).replaceAll('Ticket', 'Changed'))
    expect(again).toMatchObject({ createdCount: 1, unchangedCount: 30, failedCount: 0 })
    expect(again.rows[0]).toMatchObject({ ok: true, message: 'K0 was imported before and stays as it is.' })
    expect((await it.tasks(organization)).slice(0, 30)).toEqual(before)
    const [{ count: after }] = (await product.asOwner('select count(*)::int from events where organization_id = $1', [
      organization.id,
    ])) as [{ count: number }]
    expect(after - count).toBe(4) // uploaded, started, one task, finished
  })

  test('that is malformed changes nothing and names the line', async () => {
    await fresh()
    const id = await it.uploaded(organization, 'csv', `${many(2100)}\nK,"never closed,IT\nmore\n`)
    await it.start(organization, id, { mapping: { Title: 'title', Category: 'category' } })
    await it.run(organization, id)
    expect(await it.get(organization, id)).toMatchObject({
      status: 'failed',
      createdCount: 0,
      error: expect.stringContaining('Line 2102: a quoted value begins'),
    })
    expect(await it.tasks(organization)).toEqual([])
    const early = await it.upload(organization, 'csv', 'a,b\n1,"x')
    expect(early).toMatchObject({ status: 422, body: { error: 'IMPORT_FILE_REFUSED', line: 2 } })
  })

  test('goes on where it was after a death in the middle, and brings nothing twice', async () => {
    await fresh()
    const id = await it.uploaded(organization, 'csv', many(1100)) // five batches
    await it.start(organization, id, { mapping: { Title: 'title', Category: 'category' } }) // no key: the position alone must do
    await expect(it.run(organization, id, 4)).rejects.toThrow('killed') // begin, counted, two batches
    expect(await it.get(organization, id)).toMatchObject({ status: 'running', totalRows: 1100, doneRows: 500, createdCount: 500 })
    await it.run(organization, id)
    expect(await it.get(organization, id)).toMatchObject({
      status: 'finished',
      doneRows: 1100,
      createdCount: 1100,
      failedCount: 0,
    })
    const [sums] = await product.asOwner(
      'select count(*)::int, count(distinct title)::int as titles, min(number), max(number) from tasks where organization_id = $1',
      [organization.id],
    )
    expect(sums).toEqual({ count: 1100, titles: 1100, min: 1001, max: 2100 })
    await it.run(organization, id) // a job delivered twice
    expect(await it.get(organization, id)).toMatchObject({ doneRows: 1100 })
  })

  test('two workers at once bring nothing twice', async () => {
    await fresh()
    const id = await it.uploaded(organization, 'csv', many(1000))
    await it.start(organization, id, { mapping: { Key: 'externalId', Title: 'title', Category: 'category' } })
    await Promise.all([it.run(organization, id), it.run(organization, id)])
    const [sums] = await product.asOwner(
      'select count(*)::int, count(distinct title)::int as titles from tasks where organization_id = $1',
      [organization.id],
    )
    expect(sums).toEqual({ count: 1000, titles: 1000 })
  })

  test('can be cancelled before it runs and while it runs; what came in stays', async () => {
    await fresh()
    const waiting = await it.uploaded(organization, 'csv', many(3))
    expect(await it.call(organization, 'POST', `/imports/${waiting}/cancel`)).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    })
    expect(await it.start(organization, waiting)).toMatchObject({ status: 409, body: { error: 'IMPORT_STARTED' } })
    const id = await it.uploaded(organization, 'csv', many(1000))
    await it.start(organization, id, { mapping: { Title: 'title', Category: 'category' } })
    await expect(it.run(organization, id, 3)).rejects.toThrow('killed')
    expect(await it.call(organization, 'POST', `/imports/${id}/cancel`)).toMatchObject({ status: 200 })
    await it.run(organization, id)
    expect(await it.get(organization, id)).toMatchObject({ status: 'cancelled', doneRows: 250, createdCount: 250 })
    expect(await it.call(organization, 'POST', `/imports/${id}/cancel`)).toMatchObject({
      status: 409,
      body: { error: 'IMPORT_OVER' },
    })
    await expect(product.storage.get(organization.id, id).toArray()).rejects.toThrow('ENOENT')
  })

  test('a mapping that cannot be is refused by name; starting twice is a conflict', async () => {
    await fresh()
    const id = await it.uploaded(organization, 'csv', many(3))
    const refusals: [object, string][] = [
      [{ mapping: { Nope: 'title' } }, 'no column “Nope”'],
      [{ mapping: { Title: 'shoeSize' } }, '“shoeSize”'],
      [{ mapping: { Title: 'title', Key: 'title' } }, 'both go to title'],
      [{ mapping: { Key: 'externalId' } }, 'No column goes to title'],
      [{ mapping: { Title: 'title' }, profileId: 'nope' }, 'no profile "nope"'],
    ]
    for (const [body, message] of refusals) {
      const answer = await it.start(organization, id, body)
      expect(answer.status).toBeGreaterThanOrEqual(404)
      expect(answer.body.message).toContain(message)
    }
    expect((await it.preview(organization, id, { mapping: { Key: 'externalId' } })).rows[0]).toMatchObject({
      ok: false,
      message: 'No column goes to title; every task needs one.',
    })
    expect(await it.start(organization, id, { mapping: { Title: 'title' } })).toMatchObject({ status: 200 })
    expect(await it.start(organization, id, { mapping: { Title: 'title' } })).toMatchObject({
      status: 409,
      body: { error: 'IMPORT_STARTED' },
    })
  })

  test('of another organization cannot be seen, previewed, started or cancelled; and takes the permission', async () => {
    const mine = await fresh()
    const id = await it.uploaded(mine, 'csv', many(3))
    const other = await product.given.organization()
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/preview'],
      ['GET', '/errors'],
      ['POST', '/start'],
      ['POST', '/cancel'],
    ] as const) {
      const answer = await it.call(other, method, `/imports/${id}${path}`, method === 'POST' ? {} : undefined)
      expect(answer).toMatchObject({ status: 404, body: { error: 'NO_SUCH_IMPORT' } })
      expect(await it.call(mine, method, `/imports/${id}${path}`, method === 'POST' ? {} : undefined, 'Auditor')).toMatchObject({
        status: 403,
      })
    }
    expect((await it.call(other, 'GET', '/imports')).body.items).toEqual([])
    expect(await it.upload(mine, 'csv', many(1), 'x.csv', 'Auditor')).toMatchObject({ status: 403 })
    expect(await it.get(mine, id)).toMatchObject({ status: 'uploaded' })
  })

  test('forms that are not what the door takes are refused', async () => {
    await fresh()
    expect(await it.upload(organization, 'xml', many(1))).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining('csv or servicenow') },
    })
    expect(await it.upload(organization, 'servicenow', many(1))).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining('sys_updated_at') },
    })
    expect(await it.call(organization, 'POST', '/imports', {})).toMatchObject({ status: 422 })
    expect((await it.call(organization, 'GET', '/imports')).body.items).toEqual([])
  })
})

test('the background does it when there is a worker', async () => {
  const working = await testProduct()
  const here = importing(working)
  const owner = await working.given.organization()
  const id = await here.uploaded(owner, 'csv', many(20))
  await here.start(owner, id, { mapping: { Title: 'title', Category: 'category' } })
  await vi.waitFor(async () => expect(await here.get(owner, id)).toMatchObject({ status: 'finished', createdCount: 20 }), {
    timeout: 20_000,
    interval: 50,
  })
  await working.stop()
})
