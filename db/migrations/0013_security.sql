-- The security register: records tasks link to, compliance scans, and a summary per source that dashboards read.

create table security_records (
  organization_id uuid not null references organizations (id),
  id              uuid not null,
  type            text not null check (type in ('control', 'risk', 'audit', 'vendor', 'policy', 'wiki', 'config-doc')),
  number          int not null, -- per type: RISK-3
  version         int not null default 1,
  title           text not null check (length(title) between 1 and 500),
  description     text not null default '' check (length(description) <= 20000),
  status          text not null,
  owner_email     text,
  review_date     text check (review_date ~ '^\d{4}-\d\d-\d\d$'), -- a day has no zone; text compares in order
  fields          jsonb not null default '{}', -- what only records of this type have
  rank            int not null default 0, -- how urgent among its type (rules.ts, rankOf)
  -- Controls. What a scan finds is kept by (source, control_id): one record per control, not per scan.
  source          text,
  control_id      text,
  framework       text,
  severity        text check (severity in ('critical', 'high', 'medium', 'low', 'informational', 'unrated')),
  result          text check (result in ('pass', 'fail', 'error', 'manual', 'skipped', 'not-applicable')),
  result_since    timestamptz,
  scan_id         uuid, -- the latest scan that named the control
  -- The task that the rule opened, what it was last told, and what is still to be done about it.
  task_id         uuid,
  task_told       text check (task_told in ('fail', 'pass')),
  follow_up       text check (follow_up in ('fail', 'pass')),
  created_at      timestamptz not null,
  created_by      text not null,
  updated_at      timestamptz not null,
  updated_by      text not null,
  archived_at     timestamptz,
  primary key (organization_id, id),
  unique (organization_id, type, number),
  foreign key (organization_id, task_id) references tasks (organization_id, id)
);
call keep_to_organization('security_records');
revoke delete on security_records from tater_app;
create unique index security_records_of_source on security_records (organization_id, source, control_id) where source is not null;
create index security_records_by_update on security_records (organization_id, type, updated_at desc, id desc);
create index security_records_by_rank on security_records (organization_id, type, rank desc, id desc);
create index security_records_to_follow on security_records (organization_id, id) where follow_up is not null;
create index security_records_of_task on security_records (organization_id, task_id) where task_id is not null;

create table scans (
  organization_id uuid not null references organizations (id),
  id              uuid not null,
  source          text, -- null until the file was read
  format          text check (format in ('json', 'csv', 'ocsf', 'scubagear')),
  given           jsonb not null default '{}', -- what the sender said beside the file: source, scannedAt
  file_name       text not null,
  file_size       bigint not null,
  sha256          text not null,
  identity        text, -- what makes it the same scan again: its id, else its time, else its bytes
  scan_key        text, -- the source's own id of it
  scanned_at      timestamptz,
  status          text not null check (status in ('queued', 'running', 'finished', 'failed', 'duplicate')),
  duplicate_of    uuid,
  total_rows      int,
  done_rows       int not null default 0,
  -- Controls by result; counted from the rows when the scan is whole.
  passed          int not null default 0,
  failed          int not null default 0,
  errors          int not null default 0,
  manual          int not null default 0,
  skipped         int not null default 0,
  not_applicable  int not null default 0,
  critical_failing int not null default 0,
  high_failing    int not null default 0,
  error           text,
  problems        jsonb not null default '[]', -- rows that were refused: line or path, and why
  created_at      timestamptz not null,
  created_by      text not null,
  created_by_name text not null,
  channel         text not null,
  finished_at     timestamptz,
  primary key (organization_id, id)
);
call keep_to_organization('scans');
create unique index scans_once on scans (organization_id, source, identity) where status in ('queued', 'running', 'finished') and identity is not null;
create index scans_of_source on scans (organization_id, source, scanned_at desc, id desc) where status = 'finished';

-- The rows as the file has them: a control once for every resource looked at.
create table scan_rows (
  organization_id uuid not null,
  scan_id         uuid not null,
  n               int not null,
  control_id      text not null,
  title           text not null,
  framework       text not null default '',
  severity_rank   int not null, -- 5 critical … 1 informational, 0 unrated
  result          text not null check (result in ('pass', 'fail', 'error', 'manual', 'skipped', 'not-applicable')),
  resource        text not null default '',
  detail          text not null default '',
  primary key (organization_id, scan_id, n),
  foreign key (organization_id, scan_id) references scans (organization_id, id)
);
call keep_to_organization('scan_rows');
create index scan_rows_of_control on scan_rows (organization_id, scan_id, control_id, n);

-- One line per control and scan: the history of its results.
create table scan_controls (
  organization_id uuid not null,
  scan_id         uuid not null,
  control_id      text not null,
  title           text not null,
  framework       text not null default '',
  severity_rank   int not null,
  result          text not null check (result in ('pass', 'fail', 'error', 'manual', 'skipped', 'not-applicable')),
  rows            int not null,
  failed_rows     int not null,
  primary key (organization_id, scan_id, control_id),
  foreign key (organization_id, scan_id) references scans (organization_id, id)
);
call keep_to_organization('scan_controls');

-- What a dashboard shows of an organization: one small row per source, moved in the transaction that finishes a scan.
create table scan_summaries (
  organization_id uuid not null references organizations (id),
  source          text not null,
  scan_id         uuid not null,
  scanned_at      timestamptz not null,
  passed          int not null,
  failed          int not null,
  errors          int not null,
  manual          int not null,
  skipped         int not null,
  not_applicable  int not null,
  critical_failing int not null,
  high_failing    int not null,
  primary key (organization_id, source),
  foreign key (organization_id, scan_id) references scans (organization_id, id)
);
call keep_to_organization('scan_summaries');

create table security_settings (
  organization_id  uuid not null references organizations (id),
  stale_after_days int not null default 7 check (stale_after_days between 1 and 365),
  open_tasks       boolean not null default false,
  version          int not null default 1,
  primary key (organization_id)
);
call keep_to_organization('security_settings');

-- For the Client Dashboard of a provider: sources, times and counts of other organizations, and nothing else of them. The
-- caller (modules/security, complianceOfClients) passes only organizations it has found to be clients of the asking one.
create function compliance_of_organizations(wanted uuid[])
returns table (organization_id uuid, source text, scanned_at timestamptz, passed int, failed int, critical_failing int, high_failing int, stale_after_days int)
language sql stable security definer set search_path = public as $$
  select s.organization_id, s.source, s.scanned_at, s.passed, s.failed, s.critical_failing, s.high_failing,
         coalesce((select t.stale_after_days from security_settings t where t.organization_id = s.organization_id), 7)
  from scan_summaries s where s.organization_id = any (wanted)
$$;
alter function compliance_of_organizations(uuid[]) owner to tater_lookup;
revoke all on function compliance_of_organizations(uuid[]) from public;
grant execute on function compliance_of_organizations(uuid[]) to tater_app;
grant select on scan_summaries, security_settings to tater_lookup;
