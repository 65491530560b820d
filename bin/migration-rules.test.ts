import { expect, test } from 'vitest'
import { readMigrations } from '../platform/migrations.ts'
import { grandfathered, migrationBreaches } from './migration-rules.ts'

const next = grandfathered + 1

test('the migrations there are keep the rule', () => {
  expect(
    readMigrations().flatMap(({ number, name, sql }) => migrationBreaches(number, sql).map(({ reason }) => `${name}: ${reason}`)),
  ).toEqual([])
})

test.each([
  ['alter table tasks drop column urgency', /release before still uses it/],
  ['drop table task_views', /release before/],
  ['alter table teams rename column name to title', /release before/],
  ['alter table teams rename to groups', /release before/],
  ['alter table tasks alter column number type bigint', /release before/],
  ['alter table teams add column color text not null', /give it a default/],
  ['alter table tasks alter column impact set not null', /reads the whole table/],
  ['create index tasks_new on tasks (organization_id)', /create index if not exists/],
  ['create unique index x on public.events (id)', /create index if not exists/],
  ['alter table comments add constraint c check (length(body) > 0)', /not valid/],
  ['alter table tasks add foreign key (organization_id) references organizations (id)', /not valid/],
  ["update tasks set impact = 'Low'", /in batches/],
  ['delete from events', /in batches/],
  ['lock table tasks', /stops everybody/],
  ['create index concurrently if not exists x on tasks (id)', /one transaction/],
  ['begin', /one transaction/],
])('%s is refused', (sql, reason) => {
  const found = migrationBreaches(next, `-- A comment.\n\n${sql};\n`)
  expect(new Set(found.map(({ line }) => line))).toEqual(new Set([3]))
  expect(found.map((breach) => breach.reason).join('\n')).toMatch(reason)
  expect(migrationBreaches(grandfathered, `${sql};`)).toEqual([])
  expect(migrationBreaches(next, `-- allowed: unused since 0.2\n${sql};`)).toEqual([])
})

test.each([
  'alter table tasks add column color text',
  "alter table tasks add column color text not null default ''",
  'create index if not exists tasks_new on tasks (organization_id)',
  'create index teams_new on teams (organization_id)',
  'alter table tasks add constraint c check (length(title) > 0) not valid',
  'alter table tasks validate constraint c',
  'create table colors (id uuid primary key, name text not null); create index on colors (name); alter table colors add check (length(name) > 0)',
  "create function f() returns void language plpgsql as $$ begin update tasks set title = 'x'; drop table tasks; end $$",
  "comment on table tasks is 'drop table tasks'",
  '-- drop column a\nselect 1',
])('%s is well', (sql) => {
  expect(migrationBreaches(next, `${sql};`)).toEqual([])
})
