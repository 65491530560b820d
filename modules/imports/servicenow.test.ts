import { afterAll, beforeAll, expect, test } from 'vitest'
import { importing } from '../../test/importing.ts'
import { type TestOrganization, type TestProduct, testProduct } from '../../test/product.ts'
import { incidentLog } from './log.fixture.ts'

let product: TestProduct
let it: ReturnType<typeof importing>
let organization: TestOrganization
let id: string
let tickets: Map<string, Record<string, unknown>>

beforeAll(async () => {
  product = await testProduct({ services: ['server'] })
  it = importing(product)
  organization = await product.given.organization()
  await product.given.seeds(organization)
  id = await it.uploaded(organization, 'servicenow', incidentLog)
  const { rows } = await it.preview(organization, id)
  expect(rows.map(({ ok }) => ok)).toEqual([true, true, true, true, true, false, true, true, false, true])
  await it.start(organization, id)
  await it.run(organization, id)
  const list = await it.tasks(organization)
  const whole = await Promise.all(list.map(async ({ key }) => (await it.call(organization, 'GET', `/tasker/tasks/${key}`)).body))
  tickets = new Map(whole.map((task) => [(task.externalRefs as { id: string }[])[0]!.id, task]))
})
afterAll(() => product.stop())

const ticket = (number: string) => tickets.get(number)!
const at = (time: string) => `2016-03-01T${time}:00.000Z`

/** A ticket's instants in one form. */
const stamps = (number: string) =>
  Object.fromEntries(
    Object.entries(ticket(number)).map(([field, value]) => [
      field,
      /At$/.test(field) && typeof value === 'string' ? new Date(value).toISOString() : value,
    ]),
  )

/** The moves of a ticket as the activity shows them; `!` marks what the profile would have refused. */
async function moves(number: string) {
  const activity = await it.activity(organization, String(ticket(number).key))
  return activity.slice(1).map((event) => {
    const { data, occurredAt, actor } = event as unknown as {
      data: { from: string; to: string; outsideProcess?: true }
      occurredAt: string
      actor: { name: string }
    }
    return `${occurredAt.slice(11, 16)} ${actor.name}: ${data.from} → ${data.to}${data.outsideProcess ? ' !' : ''}`
  })
}

test('each incident is one ticket; what is none says why', async () => {
  expect(await it.get(organization, id)).toMatchObject({
    status: 'finished',
    totalRows: 10,
    doneRows: 10,
    createdCount: 8,
    failedCount: 2,
    noticeCount: 1,
  })
  expect(await it.errors(organization, id)).toEqual([
    { line: 22, notice: true, message: expect.stringContaining('INC5: line 23 shows the state “-100”') },
    { line: 25, notice: false, message: expect.stringContaining('INC6 shows no state of the profile (-100)') },
    { line: 30, notice: false, message: expect.stringContaining('INC9 has no time that can be read') },
  ])
})

test('fields are composed so that people can read them and the profile is content', () => {
  expect(ticket('INC1')).toMatchObject({
    title: 'Symptom 9 at Location 7 (Category 5, Subcategory 6)',
    category: 'IT',
    subCategory: 'Subcategory 6',
    symptomCode: 'Symptom 9',
    priority: 'Normal',
    impact: 'Medium',
    urgency: 'Medium',
    source: 'Phone',
    requesterEmail: 'caller-1@servicenow.invalid',
    requesterName: 'Caller 1',
    assignedToEmail: 'resolver-3@servicenow.invalid',
    assignedToName: 'Resolver 3',
    teamId: 'Group 2',
    resolutionCode: 'code 5',
    profileId: `profile-itil-incident-${organization.id}`,
    externalRefs: [{ system: 'servicenow', id: 'INC1' }],
    createdBy: 'opened-by-8@servicenow.invalid',
  })
  expect(ticket('INC1').resolutionNotes).toBe('Closed in ServiceNow with code 5 by Resolved by 4 on 2016-03-01 08:30 UTC.')
  expect(ticket('INC2').assignedToEmail).toBe('resolved-by-4@servicenow.invalid')
  expect(ticket('INC4')).toMatchObject({ assignedToEmail: 'group-2@servicenow.invalid', resolutionCode: 'Not recorded' })
  expect(ticket('INC7')).toMatchObject({ source: 'Portal', priority: 'Critical', impact: 'High', status: 'New' })
  expect(ticket('INC8')).toMatchObject({ configurationItems: ['Item 1'], linkedProblemId: 'Problem ID 2' })
  expect(ticket('INC10')).toMatchObject({
    title: 'Category 5, Subcategory 6',
    assignedToEmail: 'unassigned@servicenow.invalid',
    requesterEmail: null,
  })
})

test('the history is the log’s, with its times and people; illegal moves are marked', async () => {
  expect(await moves('INC1')).toEqual([
    '08:10 Updated by 1: New → Assigned', // the log's Active is In Progress by way of Assigned
    '08:10 Updated by 1: Assigned → In Progress',
    '08:30 Updated by 3: In Progress → Resolved',
    '08:40 Updated by 4: Resolved → Closed',
  ])
  expect(await moves('INC2')).toEqual(['08:10 Updated by 1: New → Resolved !', '08:20 Updated by 2: Resolved → Closed'])
  expect((await moves('INC3')).map((move) => move.split(': ')[1])).toEqual([
    'New → Assigned',
    'Assigned → In Progress',
    'In Progress → On Hold',
    'On Hold → In Progress',
    'In Progress → Resolved',
    'Resolved → In Progress',
    'In Progress → Resolved',
    'Resolved → Closed',
  ])
  expect(await moves('INC4')).toEqual(['08:10 Updated by 1: In Progress → Resolved', '08:20 Updated by 2: Resolved → Closed'])
  expect((await moves('INC5')).map((move) => move.split(': ')[1])).toEqual(['New → Assigned', 'Assigned → In Progress'])
  expect((await moves('INC8')).map((move) => move.split(': ')[1])).toEqual(['New → Closed !', 'Closed → In Progress !'])
})

test('stamps and clocks are the log’s', () => {
  expect(stamps('INC1')).toMatchObject({
    createdAt: at('08:00'),
    firstResponseAt: at('08:10'),
    resolvedAt: at('08:30'),
    closedAt: at('08:40'),
    updatedAt: at('08:40'),
  })
  expect(ticket('INC1').sla).toMatchObject({
    response: { startedAt: '2016-03-01T08:00:00.000Z', minutes: 240, metAt: '2016-03-01T08:10:00.000Z' },
    resolution: { startedAt: '2016-03-01T08:00:00.000Z', minutes: 1440, metAt: '2016-03-01T08:30:00.000Z' },
  })
  // The log's stamp of the resolution outranks the line that says Resolved; the line shows when somebody was at it.
  expect(stamps('INC2')).toMatchObject({
    firstResponseAt: at('08:10'),
    resolvedAt: at('08:15'),
    closedAt: '2016-03-06T12:00:00.000Z',
  })
  expect(ticket('INC3').sla).toMatchObject({
    resolution: {
      pauses: [{ from: '2016-03-01T08:20:00.000Z', to: '2016-03-01T08:40:00.000Z', reason: 'On Hold' }, {}],
      attempts: [{}],
    },
  })
  expect(stamps('INC7')).toMatchObject({ responseDueAt: at('08:15'), resolutionDueAt: at('12:00'), resolvedAt: null })
  expect(stamps('INC8')).toMatchObject({ status: 'In Progress', closedAt: null, resolvedAt: null })
})

test('from the import on the profile rules', async () => {
  const answer = await it.call(organization, 'PATCH', `/tasker/tasks/${ticket('INC8').key}`, { status: 'Closed' })
  expect(answer).toMatchObject({ status: 409, body: { error: 'TRANSITION_NOT_ALLOWED' } })
  expect(await it.call(organization, 'PATCH', `/tasker/tasks/${ticket('INC8').key}`, { status: 'Resolved' })).toMatchObject({
    status: 200,
  })
})

test('a second run changes nothing', async () => {
  const before = await it.tasks(organization)
  const again = await it.uploaded(organization, 'servicenow', incidentLog)
  await it.start(organization, again)
  await it.run(organization, again)
  expect(await it.get(organization, again)).toMatchObject({ createdCount: 0, unchangedCount: 8, failedCount: 2 })
  expect(await it.tasks(organization)).toEqual(before)
})

test('lines of incidents may be mixed, and the columns may carry the labels of a list', async () => {
  const other = await product.given.organization()
  await product.given.seeds(other)
  const [header, ...lines] = incidentLog.split('\n')
  const labelled = header!
    .replace('number', 'Number')
    .replace('incident_state', 'State')
    .replace('sys_updated_at', 'Updated')
    .replace('caller_id', 'Caller')
  const order = (line: string) => /1\/3\/2016 (\d\d:\d\d),(Phone|Self)/.exec(line)?.[1] ?? '99'
  const mixed = lines.toSorted((a, b) => order(a).localeCompare(order(b)))
  const another = await it.uploaded(other, 'servicenow', [labelled, ...mixed].join('\n'))
  await it.start(other, another)
  await it.run(other, another)
  expect(await it.get(other, another)).toMatchObject({ createdCount: 8, failedCount: 2 })
  const list = await it.tasks(other)
  expect(list.map(({ status }) => status).sort()).toEqual(
    (await it.tasks(organization)).map(({ status }) => (status === 'Resolved' ? 'In Progress' : status)).sort(),
  )
})

test('an organization without ITIL Incident is told how to get it', async () => {
  const bare = await product.given.organization()
  const bareId = await it.uploaded(bare, 'servicenow', incidentLog)
  expect(await it.start(bare, bareId)).toMatchObject({ status: 409, body: { message: expect.stringContaining('seed-defaults') } })
})
