-- Tickets. State is text with checks and integers are ranks: enum and numeric comparison are not leakproof,
-- so they could not use an index under row security (docs/architecture.md, tenancy).

create table tasks (
  organization_id         uuid not null references organizations (id),
  id                      uuid not null,
  number                  int not null,
  version                 int not null default 1,
  title                   text not null check (length(title) between 1 and 300),
  description             text not null default '' check (length(description) <= 10000),
  category                text not null,
  sub_category            text,
  symptom_code            text,
  tags                    text[] not null default '{}',
  source                  text not null,
  priority                text not null,
  priority_rank           int not null default 3,
  impact                  text,
  urgency                 text,
  severity                text,
  tier                    int not null default 1 check (tier between 1 and 4),
  requester_email         text,
  requester_name          text,
  contact_email           text,
  contact_name            text,
  assigned_to_email       text,
  assigned_to_name        text,
  team_id                 text,
  status                  text not null,
  status_category         text not null check (status_category in ('new', 'active', 'waiting', 'resolved', 'closed', 'cancelled')),
  profile_id              text,
  profile_version         int,
  is_major_incident       boolean not null default false,
  due_date                timestamptz,
  response_due_at         timestamptz,
  resolution_due_at       timestamptz,
  sla_id                  text,
  sla_name                text,
  sla                     jsonb,
  first_response_at       timestamptz,
  resolved_at             timestamptz,
  closed_at               timestamptz,
  resolution_code         text,
  resolution_notes        text,
  root_cause_code         text,
  root_cause_analysis     text,
  business_service        text,
  configuration_items     text[] not null default '{}',
  linked_problem_id       text,
  linked_tater_entity_type text,
  linked_tater_entity_id  text,
  visibility              text not null default 'Internal',
  external_refs           jsonb not null default '[]',
  custom_fields           jsonb not null default '{}',
  merged_into_id          uuid,
  created_at              timestamptz not null,
  created_by              text not null,
  updated_at              timestamptz not null,
  updated_by              text not null,
  deleted_at              timestamptz,
  deleted_by              text,
  primary key (organization_id, id),
  unique (organization_id, number),
  foreign key (organization_id, profile_id, profile_version) references profile_versions (organization_id, profile_id, version),
  foreign key (organization_id, merged_into_id) references tasks (organization_id, id)
);
call keep_to_organization('tasks');
revoke delete on tasks from tater_app;

-- Lists read in index order; each starts with the organization, as every key does.
create index tasks_by_update on tasks (organization_id, updated_at desc, id desc) where deleted_at is null;
create index tasks_by_state on tasks (organization_id, status_category, updated_at desc, id desc) where deleted_at is null;
create index tasks_by_assignee on tasks (organization_id, assigned_to_email, updated_at desc, id desc) where deleted_at is null;
create index tasks_by_requester on tasks (organization_id, requester_email, updated_at desc, id desc) where deleted_at is null;
create index tasks_by_priority on tasks (organization_id, priority_rank, id) where deleted_at is null;
create index tasks_by_due on tasks (organization_id, coalesce(resolution_due_at, 'infinity'), id) where deleted_at is null;
create index tasks_by_profile on tasks (organization_id, profile_id, profile_version, status) where deleted_at is null;
create index tasks_by_entity on tasks (organization_id, linked_tater_entity_type, linked_tater_entity_id) where linked_tater_entity_id is not null;
create index tasks_merged on tasks (organization_id, merged_into_id) where merged_into_id is not null;

create table task_watchers (
  organization_id uuid not null,
  task_id         uuid not null,
  email           text not null,
  added_at        timestamptz not null default now(),
  primary key (organization_id, task_id, email),
  foreign key (organization_id, task_id) references tasks (organization_id, id)
);
call keep_to_organization('task_watchers');

-- Read from both ends: `type` says what `task_id` is to `target_id`.
create table task_links (
  organization_id uuid not null,
  task_id         uuid not null,
  type            text not null check (type in ('parent', 'blocks', 'duplicate', 'caused-by', 'problem', 'related')),
  target_id       uuid not null,
  created_at      timestamptz not null default now(),
  created_by      text not null,
  primary key (organization_id, task_id, type, target_id),
  check (task_id <> target_id),
  foreign key (organization_id, task_id) references tasks (organization_id, id),
  foreign key (organization_id, target_id) references tasks (organization_id, id)
);
call keep_to_organization('task_links');
create index task_links_back on task_links (organization_id, target_id);

create table task_views (
  organization_id uuid not null,
  id              uuid not null,
  name            text not null check (length(name) between 1 and 100),
  scope           text not null check (scope in ('private', 'team', 'organization')),
  owner           text not null,
  team_id         text,
  query           jsonb not null,
  created_at      timestamptz not null default now(),
  primary key (organization_id, id)
);
call keep_to_organization('task_views');

-- Words of title (A), description (B), public (C) and internal (D) comments. `simple`: tickets come in many languages.
create table task_search (
  organization_id uuid not null,
  task_id         uuid not null,
  document        tsvector not null,
  primary key (organization_id, task_id),
  foreign key (organization_id, task_id) references tasks (organization_id, id)
);
call keep_to_organization('task_search');
create index task_search_words on task_search using gin (organization_id, document);
grant select on task_search, tasks to tater_lookup;

-- Row security keeps @@ from its index (it is not leakproof), so this one function names the organization itself
-- and answers ids only; what is shown is read again under row security.
create function search_task_ids(words tsquery, at_most int) returns table (task_id uuid, rank real)
language sql stable security definer set search_path = public as $$
  select s.task_id, ts_rank(s.document, words) as rank
  from task_search s
  where s.organization_id = current_organization() and s.document @@ words
  order by rank desc, s.task_id desc limit at_most
$$;
alter function search_task_ids(tsquery, int) owner to tater_lookup;
revoke execute on function search_task_ids(tsquery, int) from public;
grant execute on function search_task_ids(tsquery, int) to tater_app;
