-- People an organization deals with who need no login. A key is written for search and order (modules/people/rules.ts):
-- comparisons of text are leakproof, so ranges of these columns may use their indexes under the policy.
create table contacts (
  organization_id uuid not null references organizations (id),
  id              uuid not null,
  email           text collate "C" not null check (length(email) between 3 and 254 and email = lower(email)),
  name            text not null check (length(name) between 1 and 200),
  name_key        text collate "C" not null,
  surname_key     text collate "C" not null,
  department      text not null default '' check (length(department) <= 200),
  title           text not null default '' check (length(title) <= 200),
  notes           text not null default '' check (length(notes) <= 4000),
  version         int not null default 1,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  archived_at     timestamptz,
  merged_into_id  uuid,
  primary key (organization_id, id),
  foreign key (organization_id, merged_into_id) references contacts (organization_id, id)
);
call keep_to_organization('contacts');
create unique index contacts_by_email on contacts (organization_id, email) where archived_at is null;
create index contacts_by_name on contacts (organization_id, name_key, id) where archived_at is null;
create index contacts_by_surname on contacts (organization_id, surname_key) where archived_at is null;

-- Merging two people finds the tickets that name one of them.
create index tasks_by_contact on tasks (organization_id, contact_email) where contact_email is not null;
