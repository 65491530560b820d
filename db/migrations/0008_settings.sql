-- What an organization shapes for itself: categories, priorities, teams. Without rows the product's own lists apply.

create table categories (
  organization_id    uuid not null references organizations (id),
  id                 uuid not null,
  parent_id          uuid,
  name               text not null check (length(name) between 1 and 60),
  icon               text not null default '',
  color              text not null default '' check (color = '' or color ~ '^#[0-9a-f]{6}$'),
  default_priority   text,
  response_minutes   int check (response_minutes > 0),
  resolution_minutes int check (resolution_minutes > 0),
  fields             jsonb not null default '[]',
  sort               int not null default 0,
  version            int not null default 1,
  archived_at        timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, parent_id) references categories (organization_id, id),
  check (parent_id <> id)
);
call keep_to_organization('categories');
create unique index categories_by_name on categories (organization_id, lower(name)) where archived_at is null;

create table priorities (
  organization_id uuid not null references organizations (id),
  name            text not null check (length(name) between 1 and 60),
  label           text not null check (length(label) between 1 and 60),
  color           text not null default '' check (color = '' or color ~ '^#[0-9a-f]{6}$'),
  rank            int not null check (rank between 1 and 99),
  primary key (organization_id, name)
);
call keep_to_organization('priorities');

create table teams (
  organization_id uuid not null references organizations (id),
  id              text not null check (id ~ '^[A-Za-z0-9][A-Za-z0-9 ._&/-]{0,119}$'),
  name            text not null check (length(name) between 1 and 100),
  lead_email      text,
  members         text[] not null default '{}',
  archived_at     timestamptz,
  primary key (organization_id, id)
);
call keep_to_organization('teams');

create trigger settings_changed after insert or update or delete on categories for each statement execute function announce_identity_change();
create trigger settings_changed after insert or update or delete on priorities for each statement execute function announce_identity_change();
create trigger settings_changed after insert or update or delete on teams for each statement execute function announce_identity_change();
