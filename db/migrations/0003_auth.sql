-- Accounts, sessions and sign-in throttling, as better-auth 1.7.6 expects them (getMigrations().compileMigrations()).
create schema auth;
grant usage on schema auth to tater_app, tater_lookup;

create table auth."user" (
  "id" text not null primary key, "name" text not null, "email" text not null unique, "emailVerified" boolean not null,
  "image" text, "createdAt" timestamptz default current_timestamp not null, "updatedAt" timestamptz default current_timestamp not null,
  "superAdmin" boolean not null default false);
create table auth."session" (
  "id" text not null primary key, "expiresAt" timestamptz not null, "token" text not null unique,
  "createdAt" timestamptz default current_timestamp not null, "updatedAt" timestamptz not null, "ipAddress" text, "userAgent" text,
  "userId" text not null references auth."user" ("id") on delete cascade, "organizationId" text);
create table auth."account" (
  "id" text not null primary key, "accountId" text not null, "providerId" text not null,
  "userId" text not null references auth."user" ("id") on delete cascade, "accessToken" text, "refreshToken" text, "idToken" text,
  "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, "scope" text, "password" text,
  "createdAt" timestamptz default current_timestamp not null, "updatedAt" timestamptz not null);
create table auth."verification" (
  "id" text not null primary key, "identifier" text not null, "value" text not null, "expiresAt" timestamptz not null,
  "createdAt" timestamptz default current_timestamp not null, "updatedAt" timestamptz default current_timestamp not null);
create table auth."rateLimit" ("id" text not null primary key, "key" text not null unique, "count" integer not null, "lastRequest" bigint not null);
create index "session_userId_idx" on auth."session" ("userId");
create index "account_userId_idx" on auth."account" ("userId");
create index "verification_identifier_idx" on auth."verification" ("identifier");
grant select, insert, update, delete on all tables in schema auth to tater_app;

-- Before the organization is known nothing is visible, so the two look-ups that find it run as tater_lookup.
-- They take a secret and answer about its holder only.
grant select on auth."session", auth."user" to tater_lookup;
grant select on organizations, memberships, api_keys to tater_lookup;

-- The session and everything that decides what its holder may do, in one row.
create function identify_session(session_token text) returns table (
  session_id text, user_id uuid, email text, name text, super_admin boolean, expires_at timestamptz,
  organization_id uuid, organization_name text, role text)
language sql stable security definer set search_path = public as $$
  select s.id, u.id::uuid, u.email, u.name, u."superAdmin", s."expiresAt", o.id, o.name, m.role
  from auth.session s
  join auth."user" u on u.id = s."userId"
  -- A new session begins in the first organization by name; the switcher writes another into the session.
  left join organizations o on o.archived_at is null and o.id = coalesce(s."organizationId"::uuid, (
    select f.id from memberships b join organizations f on f.id = b.organization_id and f.archived_at is null
    where b.user_id = u.id::uuid order by f.name limit 1))
  left join memberships m on m.organization_id = o.id and m.user_id = u.id::uuid
  where s.token = session_token and s."expiresAt" > now()
$$;
alter function identify_session(text) owner to tater_lookup;

create function identify_api_key(key_hash bytea) returns table (
  key_id uuid, key_name text, email text, role text, organization_id uuid, organization_name text)
language sql stable security definer set search_path = public as $$
  select k.id, k.name, k.email, k.role, o.id, o.name
  from api_keys k join organizations o on o.id = k.organization_id and o.archived_at is null
  where k.hash = key_hash and k.revoked_at is null
$$;
alter function identify_api_key(bytea) owner to tater_lookup;

-- Every organization, for those who run the whole installation; the program asks only for a SuperAdmin.
create function all_organizations() returns table (id uuid, name text, slug text)
language sql stable security definer set search_path = public as $$
  select id, name, slug from organizations where archived_at is null order by name
$$;
alter function all_organizations() owner to tater_lookup;

-- The people of the running organization, for pickers and mentions; no password, no session.
create function people_of_organization() returns table (user_id uuid, email text, name text, role text)
language sql stable security definer set search_path = public as $$
  select m.user_id, u.email, u.name, m.role from memberships m join auth."user" u on u.id = m.user_id::text
  where m.organization_id = current_organization()
$$;
alter function people_of_organization() owner to tater_lookup;

revoke execute on function identify_session(text), identify_api_key(bytea), all_organizations(), people_of_organization() from public;
grant execute on function identify_session(text), identify_api_key(bytea), all_organizations(), people_of_organization() to tater_app;

-- Every server process keeps identities in memory; whatever changes what a person may do wakes them all.
create function announce_identity_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('tater_identity', '');
  return null;
end $$;
create trigger identity_changed after insert or update or delete on memberships for each statement execute function announce_identity_change();
create trigger identity_changed after update or delete on api_keys for each statement execute function announce_identity_change();
create trigger identity_changed after update on organizations for each statement execute function announce_identity_change();
create trigger identity_changed after update or delete on auth."user" for each statement execute function announce_identity_change();
create trigger identity_changed after update of "organizationId" or delete on auth."session" for each statement execute function announce_identity_change();
