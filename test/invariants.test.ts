import { afterAll, beforeAll, expect, test } from 'vitest'
import { breaches, breachLine, invariants } from '../bin/doctor/invariants.ts'
import * as comments from '../modules/comments/operations.ts'
import * as tasks from '../modules/tasks/operations.ts'
import { type TestOrganization, type TestProduct, testProduct } from './product.ts'

let product: TestProduct
let organization: TestOrganization
let ticket: string
let closed: string
let comment: string

beforeAll(async () => {
  product = await testProduct()
  organization = await product.given.organization()
  await product.given.seeds(organization)
  const { execute, given } = product
  const caller = organization.caller()
  const profiles = await product.asOwner<{ id: string }>("select id from profiles where name = 'ITIL Incident'")
  const incident = {
    profileId: profiles[0]!.id,
    description: 'It hums.',
    assignedToEmail: 'ann@example.com',
    impact: 'High',
    urgency: 'High',
    priority: 'High',
  }
  ticket = (await given.task(organization, { title: 'The scanner of room 5', ...incident } as never)).id
  await execute(tasks.update, caller, { taskId: ticket, title: 'The scanner of room 7' })
  const answer = await given.comment(organization, ticket, 'Which scanner?', 'public')
  comment = answer.id
  await execute(comments.edit, caller, { commentId: comment, body: 'Which of the scanners?' })
  closed = (await given.task(organization)).id
  await execute(tasks.update, caller, { taskId: closed, status: 'Closed' } as never)
  const twice = await given.task(organization)
  await execute(tasks.merge, caller, { taskId: twice.id, into: ticket })
  await execute(tasks.remove, caller, { taskId: closed })
  await execute(tasks.restore, caller, { taskId: closed })
})
afterAll(() => product.stop())

const found = async () => (await breaches(product.urls.ownerUrl)).map(breachLine)

test('nothing that operations do breaks an invariant', async () => {
  expect(await found()).toEqual([])
})

/** How each invariant could be broken, and how that is undone. */
const sabotage = (): Record<string, { harm: string; undo: string; shows: RegExp }> => ({
  'number.unused': {
    harm: `update counters set value = value + 1 where name = 'task'`,
    undo: `update counters set value = value - 1 where name = 'task'`,
    shows: /the counter says 4 tickets, 3 are there, the last is 1003/,
  },
  'security-number.beyond': {
    harm: `insert into security_records (organization_id, id, type, number, title, status, created_at, created_by, updated_at, updated_by)
      values ('${organization.id}', gen_random_uuid(), 'risk', 9, 'x', 'Open', now(), 'x', now(), 'x')`,
    undo: 'delete from security_records',
    shows: /risk 9/,
  },
  'search.missing': {
    harm: `create table kept as select * from task_search where task_id = '${ticket}'; delete from task_search where task_id = '${ticket}'`,
    undo: 'insert into task_search select * from kept; drop table kept',
    shows: /TATER-1001/,
  },
  'search.stale': {
    harm: `update tasks set title = 'The projector' where id = '${ticket}'`,
    undo: `update tasks set title = 'The scanner of room 7' where id = '${ticket}'`,
    shows: /TATER-1001/,
  },
  'status.unknown': {
    harm: `update tasks set status = 'Nowhere' where id = '${ticket}'`,
    undo: `update tasks set status = 'New' where id = '${ticket}'`,
    shows: /TATER-1001 in Nowhere \(new\)/,
  },
  'sla.due': {
    harm: `update tasks set resolution_due_at = resolution_due_at + interval '1 second' where id = '${ticket}'`,
    undo: `update tasks set resolution_due_at = resolution_due_at - interval '1 second' where id = '${ticket}'`,
    shows: /TATER-1001/,
  },
  'sla.runs-on': {
    harm: `update tasks set status_category = 'closed' where id = '${ticket}'`,
    undo: `update tasks set status_category = 'new' where id = '${ticket}'`,
    shows: /TATER-1001/,
  },
  'history.creation': {
    harm: `update events set action = 'task.creatid' where action = 'task.created' and subject_id = '${ticket}'`,
    undo: `update events set action = 'task.created' where action = 'task.creatid'`,
    shows: /TATER-1001 is said to be made 0 times/,
  },
  'history.version': {
    harm: `update tasks set version = version + 1 where id = '${ticket}'`,
    undo: `update tasks set version = version - 1 where id = '${ticket}'`,
    shows: /TATER-1001 has version 3 and 1 changes/,
  },
  'comment.version': {
    harm: `update comments set version = 7 where id = '${comment}'`,
    undo: `update comments set version = 2 where id = '${comment}'`,
    shows: /has version 7 and 1 earlier ones/,
  },
  'merge.circle': {
    harm: `update tasks set merged_into_id = case when id = '${ticket}' then '${closed}'::uuid else '${ticket}'::uuid end where id in ('${ticket}', '${closed}')`,
    undo: `update tasks set merged_into_id = null where id in ('${ticket}', '${closed}')`,
    shows: /TATER-1001; TATER-1002/,
  },
  'activity.homeless': {
    harm: `insert into events (organization_id, id, occurred_at, action, subject_type, actor_kind, actor_name, channel, operation, request_id)
      values (gen_random_uuid(), gen_random_uuid(), now(), 'x', 'x', 'system', 'x', 'api', 'x', 'x')`,
    undo: `delete from events where action = 'x'`,
    shows: /activity.homeless/,
  },
  'member.unknown': {
    harm: `insert into memberships (organization_id, user_id, role) values ('${organization.id}', gen_random_uuid(), 'Viewer')`,
    undo: 'delete from memberships m where not exists (select from auth."user" u where u.id = m.user_id::text)',
    shows: new RegExp(organization.id),
  },
  'import.sum': {
    harm: `insert into imports (organization_id, id, kind, file_name, file_size, status, done_rows, created_by)
      values ('${organization.id}', gen_random_uuid(), 'csv', 'people.csv', 1, 'finished', 3, 'x')`,
    undo: 'delete from imports',
    shows: /people\.csv/,
  },
  'job.lost': {
    harm: `insert into imports (organization_id, id, kind, file_name, file_size, status, created_by)
      values ('${organization.id}', gen_random_uuid(), 'csv', 'people.csv', 1, 'running', 'x')`,
    undo: 'delete from imports',
    shows: /imports /,
  },
})

test('every invariant can be broken, and says what is wrong', async () => {
  const ways = sabotage()
  expect(Object.keys(ways)).toEqual(invariants.map(({ name }) => name))
  for (const [name, { harm, undo, shows }] of Object.entries(ways)) {
    await product.asOwner(harm)
    const lines = (await found()).filter((line) => line.startsWith(`${name}: `))
    expect(lines, name).toHaveLength(1)
    expect(lines[0]).toMatch(shows)
    await product.asOwner(undo)
    expect(await found(), `after ${name} was undone`).toEqual([])
  }
})
