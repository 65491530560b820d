-- Process profiles: a profile is a name and a current version; versions never change, so open tasks can keep theirs.

create table profiles (
  organization_id uuid not null references organizations (id),
  id              text not null check (length(id) between 1 and 120),
  name            text not null check (length(name) between 1 and 200),
  standard_source text not null default '',
  seed_key        text,
  is_system       boolean not null default false,
  version         int not null default 1,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  updated_by      text not null,
  deleted_at      timestamptz,
  primary key (organization_id, id)
);
call keep_to_organization('profiles');
revoke delete on profiles from tater_app;

create table profile_versions (
  organization_id uuid not null,
  profile_id      text not null,
  version         int not null,
  document        jsonb not null,
  created_at      timestamptz not null default now(),
  created_by      text not null,
  primary key (organization_id, profile_id, version),
  foreign key (organization_id, profile_id) references profiles (organization_id, id)
);
call keep_to_organization('profile_versions');
revoke update, delete on profile_versions from tater_app;
