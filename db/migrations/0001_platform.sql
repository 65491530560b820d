-- What every module stands on: the organization boundary, the append-only activity, idempotent commands.
-- The roles tater_app (what the program may do) and tater_lookup (bypasses row security, owns only the
-- look-up functions) exist before the first migration; see platform/database-owner.ts.

create extension if not exists btree_gin;

revoke create on schema public from public;
grant usage on schema public to tater_app, tater_lookup;
grant create on schema public to tater_lookup; -- an owner of functions must be allowed to own one here

-- The organization and the person of the running transaction; null when nobody set them, which shows nothing.
create function current_organization() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.organization_id', true), '')::uuid $$;
create function current_user_id() returns uuid language sql stable parallel safe
  as $$ select nullif(current_setting('app.user_id', true), '')::uuid $$;

-- The one line every table with an organization's data repeats: no code above the database can forget the tenant.
create procedure keep_to_organization(target regclass) language plpgsql as $$
begin
  execute format('alter table %s alter column organization_id set default nullif(current_setting(''app.organization_id'', true), '''')::uuid', target);
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy organization on %s using (organization_id = (select current_organization()))', target);
  execute format('grant select, insert, update, delete on %s to tater_app', target);
end $$;

-- One append-only table is the activity feed, the audit log and the source of every notification.
create table events (
  organization_id uuid not null,
  id              uuid not null,
  occurred_at     timestamptz not null,
  recorded_at     timestamptz not null default now(),
  action          text not null,
  subject_type    text not null,
  subject_id      text,
  data            jsonb not null default '{}',
  actor_id        uuid,
  actor_kind      text not null check (actor_kind in ('user', 'agent', 'key', 'system')),
  actor_name      text not null,
  channel         text not null check (channel in ('web', 'api', 'mcp', 'copilot', 'claude', 'agent', 'cron', 'email', 'ado-webhook', 'public')),
  operation       text not null,
  request_id      text not null,
  primary key (organization_id, id)
);
call keep_to_organization('events');
revoke update, delete on events from tater_app;
create index events_of_subject on events (organization_id, subject_id, id desc);

-- A repeated command with the same Idempotency-Key gets the first answer again.
create table executions (
  organization_id uuid not null,
  actor           text not null,
  key             text not null,
  operation       text not null,
  input_hash      text not null,
  response        text,
  created_at      timestamptz not null default now(),
  primary key (organization_id, actor, key)
);
call keep_to_organization('executions');
create index executions_by_age on executions (created_at);

-- Numbers people say aloud (TATER-1042): one row per organization and kind.
create table counters (
  organization_id uuid not null,
  name            text not null,
  value           int not null,
  primary key (organization_id, name)
);
call keep_to_organization('counters');
