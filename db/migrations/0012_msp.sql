-- Managed service providers: which organization may act in which other one, at which tier; what of it the client can prove.

alter table organizations
  add column is_msp        boolean not null default false,
  -- The provider that may take it on as a client; a relation is made from it, so that no provider can take on a stranger.
  add column managed_by    uuid references organizations (id),
  add column license_type  text not null default 'per-user-all-features' check (license_type in ('per-user-all-features', 'custom')),
  add column license_limit int not null default 0 check (license_limit between 0 and 1000000); -- seats; 0 is unlimited
create index organizations_managed_by on organizations (managed_by) where managed_by is not null;

-- The row belongs to the client: it is the client's data who may come in.
create table provider_relations (
  organization_id uuid not null references organizations (id),
  provider_id     uuid not null references organizations (id),
  tier            text not null check (tier in ('T1', 'T2', 'T3')),
  created_at      timestamptz not null default now(),
  created_by      text not null,
  primary key (organization_id, provider_id),
  check (organization_id <> provider_id)
);
call keep_to_organization('provider_relations');
create index provider_relations_of_provider on provider_relations (provider_id, organization_id);

-- Break glass: one person of a provider at T3 in one client, for a reason and until an instant.
create table provider_elevations (
  organization_id uuid not null references organizations (id),
  id              uuid not null,
  provider_id     uuid not null references organizations (id),
  provider_name   text not null,
  user_id         uuid not null,
  name            text not null,
  from_tier       text not null check (from_tier in ('T1', 'T2')),
  reason          text not null check (length(reason) between 1 and 500),
  started_at      timestamptz not null,
  expires_at      timestamptz not null check (expires_at > started_at and expires_at <= started_at + interval '4 hours'),
  ended_at        timestamptz,
  ended_by        text,
  primary key (organization_id, id)
);
call keep_to_organization('provider_elevations');
revoke delete on provider_elevations from tater_app;
create index provider_elevations_of_person on provider_elevations (organization_id, user_id, expires_at) where ended_at is null;

-- What people of providers read and changed here, for the client to see. Append-only like the events.
create table provider_access (
  organization_id uuid not null,
  id              uuid not null,
  occurred_at     timestamptz not null default now(),
  kind            text not null check (kind in ('read', 'change')),
  operation       text not null,
  subject_type    text,
  subject_id      text,
  channel         text not null,
  actor_id        uuid,
  actor_kind      text not null,
  actor_name      text not null,
  actor_email     text not null,
  provider_id     uuid not null,
  provider_name   text not null,
  tier            text not null check (tier in ('T1', 'T2', 'T3')),
  elevation_id    uuid,
  request_id      text not null,
  primary key (organization_id, id)
);
call keep_to_organization('provider_access');
revoke update, delete on provider_access from tater_app;

-- Both identities of a provider's act; one statement for the three, so that the table is rewritten at most once.
alter table events
  add column provider_id   uuid,
  add column provider_name text,
  add column provider_tier text;

-- A key that a provider made lives, and reaches, no longer than the relation it was made through.
alter table api_keys add column provider_id uuid references organizations (id);

grant select on provider_relations, provider_elevations to tater_lookup;

drop function identify_session(text);
create function identify_session(session_token text) returns table (
  session_id text, user_id uuid, email text, name text, super_admin boolean, expires_at timestamptz,
  organization_id uuid, organization_name text, is_msp boolean, role text,
  provider_id uuid, provider_name text, tier text, elevation_id uuid, elevated_until timestamptz)
language sql stable security definer set search_path = public as $$
  select s.id, u.id::uuid, u.email, u.name, u."superAdmin", s."expiresAt", o.id, o.name, o.is_msp, m.role,
         p.id, p.name, p.tier, e.id, e.expires_at
  from auth.session s
  join auth."user" u on u.id = s."userId"
  -- A new session begins in the first organization by name; the switcher writes another into the session.
  left join organizations o on o.archived_at is null and o.id = coalesce(s."organizationId"::uuid, (
    select f.id from memberships b join organizations f on f.id = b.organization_id and f.archived_at is null
    where b.user_id = u.id::uuid order by f.name limit 1))
  left join memberships m on m.organization_id = o.id and m.user_id = u.id::uuid
  -- Who is a member acts as one; only others come in through a relation, the highest if there are several.
  left join lateral (
    select po.id, po.name, r.tier
    from memberships b
    join organizations po on po.id = b.organization_id and po.is_msp and po.archived_at is null
    join provider_relations r on r.organization_id = o.id and r.provider_id = po.id
    where b.user_id = u.id::uuid and b.role in ('ServiceProvider', 'OrgAdmin')
    order by r.tier desc, po.id limit 1) p on m.role is null and not u."superAdmin"
  left join lateral (
    select x.id, x.expires_at from provider_elevations x
    where x.organization_id = o.id and x.provider_id = p.id and x.user_id = u.id::uuid
      and x.ended_at is null and x.expires_at > now()
    order by x.expires_at desc limit 1) e on true
  where s.token = session_token and s."expiresAt" > now()
$$;
alter function identify_session(text) owner to tater_lookup;

drop function identify_api_key(bytea);
create function identify_api_key(key_hash bytea) returns table (
  key_id uuid, key_name text, email text, role text, organization_id uuid, organization_name text, is_msp boolean,
  provider_id uuid, provider_name text, tier text)
language sql stable security definer set search_path = public as $$
  select k.id, k.name, k.email, k.role, o.id, o.name, o.is_msp, p.id, p.name, r.tier
  from api_keys k
  join organizations o on o.id = k.organization_id and o.archived_at is null
  left join organizations p on p.id = k.provider_id and p.is_msp and p.archived_at is null
  left join provider_relations r on r.organization_id = k.organization_id and r.provider_id = p.id
  where k.hash = key_hash and k.revoked_at is null and (k.provider_id is null or r.tier is not null)
$$;
alter function identify_api_key(bytea) owner to tater_lookup;

-- The organizations a person reaches through relations, for the switcher; those of an own membership are not among them.
create function clients_of_person() returns table (
  id uuid, name text, slug text, tier text, provider_id uuid, provider_name text)
language sql stable security definer set search_path = public as $$
  select distinct on (o.name, o.id) o.id, o.name, o.slug, r.tier, po.id, po.name
  from memberships b
  join organizations po on po.id = b.organization_id and po.is_msp and po.archived_at is null
  join provider_relations r on r.provider_id = po.id
  join organizations o on o.id = r.organization_id and o.archived_at is null
  where b.user_id = current_user_id() and b.role in ('ServiceProvider', 'OrgAdmin')
    and not exists (select from memberships own where own.organization_id = o.id and own.user_id = b.user_id)
  order by o.name, o.id, r.tier desc, po.id
$$;
alter function clients_of_person() owner to tater_lookup;

-- Whom work can be given to: the members, and the people of providers that may change something here.
create function people_to_assign() returns table (user_id uuid, email text, name text, role text)
language sql stable security definer set search_path = public as $$
  select m.user_id, u.email, u.name, m.role from memberships m join auth."user" u on u.id = m.user_id::text
  where m.organization_id = current_organization()
  union all
  select distinct b.user_id, u.email, u.name, 'ServiceProvider'
  from provider_relations r
  join organizations po on po.id = r.provider_id and po.is_msp and po.archived_at is null
  join memberships b on b.organization_id = po.id and b.role in ('ServiceProvider', 'OrgAdmin')
  join auth."user" u on u.id = b.user_id::text
  where r.organization_id = current_organization() and r.tier in ('T2', 'T3')
    and not exists (select from memberships own where own.organization_id = r.organization_id and own.user_id = b.user_id)
$$;
alter function people_to_assign() owner to tater_lookup;

revoke execute on function identify_session(text), identify_api_key(bytea), clients_of_person(), people_to_assign() from public;
grant execute on function identify_session(text), identify_api_key(bytea), clients_of_person(), people_to_assign() to tater_app;

create trigger identity_changed after insert or update or delete on provider_relations for each statement execute function announce_identity_change();
create trigger identity_changed after insert or update on provider_elevations for each statement execute function announce_identity_change();

-- What a provider may know of its clients without entering them.
create function provider_clients() returns table (
  id uuid, name text, slug text, tier text, created_at timestamptz, created_by text,
  license_type text, license_limit int, members int)
language sql stable security definer set search_path = public as $$
  select o.id, o.name, o.slug, r.tier, r.created_at, r.created_by, o.license_type, o.license_limit,
         (select count(*)::int from memberships m where m.organization_id = o.id)
  from provider_relations r
  join organizations p on p.id = r.provider_id and p.is_msp and p.archived_at is null
  join organizations o on o.id = r.organization_id and o.archived_at is null
  where r.provider_id = current_organization()
  order by o.name, o.id
$$;
alter function provider_clients() owner to tater_lookup;

-- The organizations that the running one may take on as clients: those given to it, and for a SuperAdmin every other one.
create function organizations_to_manage() returns table (id uuid, name text)
language sql stable security definer set search_path = public as $$
  select o.id, o.name
  from organizations p
  join organizations o on o.id <> p.id and o.archived_at is null
    and (o.managed_by = p.id or exists (select from auth."user" u where u.id = current_user_id()::text and u."superAdmin"))
    and not exists (select from provider_relations r where r.organization_id = o.id and r.provider_id = p.id)
  where p.id = current_organization() and p.is_msp and p.archived_at is null
  order by o.name, o.id
$$;
alter function organizations_to_manage() owner to tater_lookup;

-- The providers of the running organization, for its own people.
create function providers_of_organization() returns table (
  id uuid, name text, tier text, created_at timestamptz, created_by text)
language sql stable security definer set search_path = public as $$
  select p.id, p.name, r.tier, r.created_at, r.created_by
  from provider_relations r join organizations p on p.id = r.provider_id
  where r.organization_id = current_organization()
  order by p.name, p.id
$$;
alter function providers_of_organization() owner to tater_lookup;

-- Every organization with what a SuperAdmin manages of it; nothing for anybody else, whatever the program thinks.
create function organizations_overview() returns table (
  id uuid, name text, slug text, is_msp boolean, managed_by uuid, managed_by_name text, license_type text, license_limit int,
  members int, clients int, created_at timestamptz, archived_at timestamptz)
language sql stable security definer set search_path = public as $$
  select o.id, o.name, o.slug, o.is_msp, p.id, p.name, o.license_type, o.license_limit,
         (select count(*)::int from memberships m where m.organization_id = o.id),
         (select count(*)::int from provider_relations r where r.provider_id = o.id),
         o.created_at, o.archived_at
  from organizations o left join organizations p on p.id = o.managed_by
  where exists (select from auth."user" u where u.id = current_user_id()::text and u."superAdmin")
  order by o.name, o.id
$$;
alter function organizations_overview() owner to tater_lookup;

revoke execute on function provider_clients(), organizations_to_manage(), providers_of_organization(), organizations_overview() from public;
grant execute on function provider_clients(), organizations_to_manage(), providers_of_organization(), organizations_overview() to tater_app;
