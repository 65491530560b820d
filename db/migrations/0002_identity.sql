-- Who is asking: organizations, memberships, API keys. Accounts and sessions live in schema auth (0003).

create table organizations (
  id            uuid primary key,
  name          text not null check (length(name) between 1 and 200),
  slug          text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  ticket_prefix text not null default 'TATER' check (ticket_prefix ~ '^[A-Z][A-Z0-9]{1,9}$'),
  settings      jsonb not null default '{}',
  version       int not null default 1,
  created_at    timestamptz not null default now(),
  archived_at   timestamptz
);
alter table organizations enable row level security;
alter table organizations force row level security;
grant select, insert, update on organizations to tater_app;

create table memberships (
  organization_id uuid not null references organizations (id),
  user_id         uuid not null,
  role            text not null check (role in ('Requester', 'Viewer', 'Auditor', 'OrgAdmin', 'ServiceProvider')),
  created_at      timestamptz not null default now(),
  primary key (organization_id, user_id)
);
call keep_to_organization('memberships');
create index memberships_of_user on memberships (user_id, organization_id);
-- A person may see, and only see, the own memberships in other organizations: the switcher needs them.
create policy own on memberships for select using (user_id = (select current_user_id()));
create policy organization on organizations using (id = (select current_organization()));
create policy own on organizations for select
  using (id in (select organization_id from memberships where user_id = (select current_user_id())));

create table api_keys (
  organization_id uuid not null references organizations (id),
  id              uuid not null,
  name            text not null check (length(name) between 1 and 100),
  prefix          text not null,
  hash            bytea not null unique,
  role            text not null check (role in ('Requester', 'Viewer', 'Auditor', 'OrgAdmin')),
  email           text not null,
  created_by      text not null,
  created_at      timestamptz not null default now(),
  revoked_at      timestamptz,
  primary key (organization_id, id)
);
call keep_to_organization('api_keys');
