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

-- Accounts of the installation: a SuperAdmin may disable one, and sees when each was last here.
alter table auth."user" add column "disabledAt" timestamptz;
create table auth.last_seen (
  user_id text primary key references auth."user" (id) on delete cascade,
  at      timestamptz not null
);
grant select, insert, update on auth.last_seen to tater_app;
grant select on auth.last_seen to tater_lookup;

-- Nobody and nothing acts in the name of a disabled account: neither a session, nor a connected program, nor a key.
create or replace function identify_session(session_token text) returns table (
  session_id text, user_id uuid, email text, name text, super_admin boolean, expires_at timestamptz,
  organization_id uuid, organization_name text, is_msp boolean, role text,
  provider_id uuid, provider_name text, tier text, elevation_id uuid, elevated_until timestamptz)
language sql stable security definer set search_path = public as $$
  select s.id, u.id::uuid, u.email, u.name, u."superAdmin" and s."vouchedBy" is null, s."expiresAt", o.id, o.name, o.is_msp, m.role,
         p.id, p.name, p.tier, e.id, e.expires_at
  from auth.session s
  join auth."user" u on u.id = s."userId"
  -- A new session begins in the first organization by name; the switcher writes another into the session.
  left join organizations o on o.archived_at is null and o.id = coalesce(s."organizationId"::uuid, (
    select f.id from memberships b join organizations f on f.id = b.organization_id and f.archived_at is null
    where b.user_id = u.id::uuid order by f.name limit 1))
  left join memberships m on m.organization_id = o.id and m.user_id = u.id::uuid
    and (s."vouchedBy" is null or s."vouchedBy" = o.id::text)
  -- Who is a member acts as one; only others come in through a relation, the highest if there are several.
  left join lateral (
    select po.id, po.name, r.tier
    from memberships b
    join organizations po on po.id = b.organization_id and po.is_msp and po.archived_at is null
    join provider_relations r on r.organization_id = o.id and r.provider_id = po.id
    where b.user_id = u.id::uuid and b.role in ('ServiceProvider', 'OrgAdmin')
      and (s."vouchedBy" is null or s."vouchedBy" = po.id::text)
    order by r.tier desc, po.id limit 1) p on m.role is null and not (u."superAdmin" and s."vouchedBy" is null)
  left join lateral (
    select x.id, x.expires_at from provider_elevations x
    where x.organization_id = o.id and x.provider_id = p.id and x.user_id = u.id::uuid
      and x.ended_at is null and x.expires_at > now()
    order by x.expires_at desc limit 1) e on true
  where s.token = session_token and s."expiresAt" > now() and u."disabledAt" is null
$$;

create or replace function identify_agent_token(token_hash bytea) returns table (
  connection_id uuid, client_name text, may_write boolean, tools text[], resource text, expires_at timestamptz,
  user_id uuid, email text, name text, super_admin boolean, organization_id uuid, organization_name text, is_msp boolean,
  role text, provider_id uuid, provider_name text, tier text)
language sql stable security definer set search_path = public as $$
  select c.id, c.client_name, c.may_write, c.tools, t.resource, t.expires_at,
         u.id::uuid, u.email, u.name, u."superAdmin", o.id, o.name, o.is_msp, m.role, p.id, p.name, p.tier
  from agent_tokens t
  join agent_connections c on c.organization_id = t.organization_id and c.id = t.connection_id and c.revoked_at is null
  join auth."user" u on u.id = c.user_id::text
  join organizations o on o.id = c.organization_id and o.archived_at is null
  left join memberships m on m.organization_id = o.id and m.user_id = c.user_id
  left join lateral (
    select po.id, po.name, r.tier
    from memberships b
    join organizations po on po.id = b.organization_id and po.is_msp and po.archived_at is null
    join provider_relations r on r.organization_id = o.id and r.provider_id = po.id
    where b.user_id = c.user_id and b.role in ('ServiceProvider', 'OrgAdmin')
    order by r.tier desc, po.id limit 1) p on m.role is null and not u."superAdmin"
  where t.hash = token_hash and t.kind = 'access' and t.expires_at > now() and u."disabledAt" is null
$$;

create or replace function identify_api_key(key_hash bytea) returns table (
  key_id uuid, key_name text, email text, role text, expires_at timestamptz, organization_id uuid, organization_name text, is_msp boolean,
  provider_id uuid, provider_name text, tier text)
language sql stable security definer set search_path = public as $$
  select k.id, k.name, k.email, k.role, k.expires_at, o.id, o.name, o.is_msp, p.id, p.name, r.tier
  from api_keys k
  join organizations o on o.id = k.organization_id and o.archived_at is null
  left join organizations p on p.id = k.provider_id and p.is_msp and p.archived_at is null
  left join provider_relations r on r.organization_id = k.organization_id and r.provider_id = p.id
  where k.hash = key_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
    and (k.provider_id is null or r.tier is not null)
    and not exists (select from auth."user" u where u.email = k.email and u."disabledAt" is not null)
$$;

-- Every account with what it belongs to, by address; answers SuperAdmins only.
create function all_users(words text, after_email text, at_most int, only_id uuid default null) returns table (
  id uuid, email text, name text, super_admin boolean, disabled_at timestamptz, last_seen_at timestamptz, created_at timestamptz,
  organizations jsonb)
language sql stable security definer set search_path = public as $$
  select u.id::uuid, u.email, u.name, u."superAdmin", u."disabledAt", s.at, u."createdAt",
         coalesce((select jsonb_agg(jsonb_build_object('id', o.id, 'name', o.name, 'role', m.role) order by o.name)
           from memberships m join organizations o on o.id = m.organization_id and o.archived_at is null
           where m.user_id = u.id::uuid), '[]')
  from auth."user" u left join auth.last_seen s on s.user_id = u.id
  where exists (select from auth."user" asker where asker.id = current_user_id()::text and asker."superAdmin")
    and u.email > after_email and position(lower(words) in lower(u.name || ' ' || u.email)) > 0
    and (only_id is null or u.id = only_id::text)
  order by u.email limit at_most
$$;
alter function all_users(text, text, int, uuid) owner to tater_lookup;
revoke execute on function all_users(text, text, int, uuid) from public;
grant execute on function all_users(text, text, int, uuid) to tater_app;
