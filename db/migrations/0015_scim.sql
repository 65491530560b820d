-- A directory keeps people of an organization in step (SCIM 2.0, RFC 7643 and 7644).

create table scim_tokens (
  organization_id uuid not null references organizations (id),
  id              uuid not null,
  prefix          text not null,
  hash            bytea not null unique,
  default_role    text not null check (default_role in ('Requester', 'Viewer', 'Auditor')),
  created_by      text not null,
  created_at      timestamptz not null default now(),
  last_used_at    timestamptz,
  revoked_at      timestamptz,
  primary key (organization_id, id)
);
call keep_to_organization('scim_tokens');

-- What the directory says of a person, beside the account. Whom it deactivated has a row here and no membership.
create table scim_users (
  organization_id uuid not null references organizations (id),
  user_id         uuid not null,
  user_name       text not null check (length(user_name) between 1 and 254),
  external_id     text not null default '',
  display_name    text not null default '',
  given_name      text not null default '',
  family_name     text not null default '',
  active          boolean not null default true,
  role            text not null, -- what they come back with
  version         int not null default 1,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (organization_id, user_id)
);
call keep_to_organization('scim_users');
create unique index scim_users_by_name on scim_users (organization_id, lower(user_name));
create index scim_users_by_external_id on scim_users (organization_id, external_id) where external_id <> '';

grant select on scim_tokens to tater_lookup;

-- A token and the organization it is for; a revoked one is nobody's.
create function identify_scim_token(token_hash bytea) returns table (
  token_id uuid, prefix text, default_role text, organization_id uuid, organization_name text)
language sql stable security definer set search_path = public as $$
  select t.id, t.prefix, t.default_role, o.id, o.name
  from scim_tokens t join organizations o on o.id = t.organization_id and o.archived_at is null
  where t.hash = token_hash and t.revoked_at is null
$$;
alter function identify_scim_token(bytea) owner to tater_lookup;

-- Whether an account is of the running organization alone, so that its directory may give it another name.
create function belongs_only_here(wanted_user uuid) returns boolean
language sql stable security definer set search_path = public as $$
  select not u."superAdmin"
    and not exists (select from memberships m where m.user_id = wanted_user and m.organization_id <> current_organization())
  from auth."user" u where u.id = wanted_user::text
$$;
alter function belongs_only_here(uuid) owner to tater_lookup;

revoke execute on function identify_scim_token(bytea), belongs_only_here(uuid) from public;
grant execute on function identify_scim_token(bytea), belongs_only_here(uuid) to tater_app;

-- A session on a provider's word counts in the organization that vouches, and in the clients it serves; nowhere else.
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
  where s.token = session_token and s."expiresAt" > now()
$$;
