-- Imports run in the background: the row is the progress, the keys make a second run change nothing.

create table imports (
  organization_id uuid not null references organizations (id),
  id              uuid not null,
  kind            text not null check (kind in ('csv', 'servicenow')),
  file_name       text not null,
  file_size       bigint not null,
  columns         text[] not null default '{}',
  sample          text not null default '[]', -- JSON of the first rows, for the preview; text, for it may hold \u0000
  profile_id      text,
  mapping         jsonb not null default '{}',
  value_map       jsonb not null default '{}',
  status          text not null default 'uploaded' check (status in ('uploaded', 'queued', 'running', 'finished', 'failed', 'cancelled')),
  total_rows      int,
  done_rows       int not null default 0,
  created_count   int not null default 0,
  unchanged_count int not null default 0,
  failed_count    int not null default 0,
  notice_count    int not null default 0,
  error           text,
  created_at      timestamptz not null default now(),
  created_by      text not null,
  started_at      timestamptz,
  started_by      text,
  started_by_name text,
  channel         text, -- through which door it was started: its tasks are recorded as coming from there
  finished_at     timestamptz,
  primary key (organization_id, id)
);
call keep_to_organization('imports');

-- What could not be brought in, and what was left out of what was; the first 10,000 of an import.
create table import_errors (
  organization_id uuid not null,
  import_id       uuid not null,
  line            int not null,
  message         text not null,
  notice          boolean not null default false,
  primary key (organization_id, import_id, line),
  foreign key (organization_id, import_id) references imports (organization_id, id)
);
call keep_to_organization('import_errors');

create table import_keys (
  organization_id uuid not null,
  source          text not null,
  key             text not null,
  task_id         uuid not null,
  primary key (organization_id, source, key),
  foreign key (organization_id, task_id) references tasks (organization_id, id)
);
call keep_to_organization('import_keys');
