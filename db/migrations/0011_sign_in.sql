-- Signing in through somebody who vouches: an organization's OpenID Connect provider, or its Microsoft Entra tenant.

create table sign_in_connections (
  organization_id  uuid not null references organizations (id),
  id               uuid not null,
  kind             text not null check (kind in ('oidc', 'entra')),
  name             text not null check (length(name) between 1 and 100),
  issuer           text not null default '',
  tenant_id        uuid,
  client_id        text not null default '',
  client_secret    text not null default '', -- sealed (platform/sealed.ts); never leaves the server
  domains          text[] not null default '{}',
  provision        boolean not null default false,
  default_role     text not null default 'Viewer' check (default_role in ('Requester', 'Viewer', 'Auditor')),
  version          int not null default 1,
  created_by       text not null,
  created_at       timestamptz not null default now(),
  last_used_at     timestamptz,
  primary key (organization_id, id),
  check ((kind = 'entra') = (tenant_id is not null)),
  check (kind = 'entra' or (issuer <> '' and client_id <> ''))
);
call keep_to_organization('sign_in_connections');
create unique index one_connection_per_tenant on sign_in_connections (organization_id, tenant_id) where kind = 'entra';
create index connections_of_tenant on sign_in_connections (tenant_id) where kind = 'entra';
create index connections_by_id on sign_in_connections (id);
create index connections_by_domain on sign_in_connections using gin (domains);

-- Who vouched for a session. Such a session opens that organization only, and ends with its connection and its identity.
alter table auth."session" add column "vouchedBy" text, add column "connectionId" text, add column "identityId" text;
create index "session_connectionId_idx" on auth."session" ("connectionId") where "connectionId" is not null;
create index "session_identityId_idx" on auth."session" ("identityId") where "identityId" is not null;

-- One subject is one person. vouchedBy: the organization whose provider made or claimed the link; null when the person did.
alter table auth."account" add column "vouchedBy" text, add column "name" text;
create unique index "account_of_subject" on auth."account" ("providerId", "accountId");

-- The second factor and passkeys of local accounts, as better-auth 1.7.6 expects them (getMigrations().compileMigrations()).
alter table auth."user" add column "twoFactorEnabled" boolean;
create table auth."twoFactor" (
  "id" text not null primary key, "secret" text not null, "backupCodes" text not null,
  "userId" text not null references auth."user" ("id") on delete cascade, "verified" boolean,
  "failedVerificationCount" integer, "lockedUntil" timestamptz);
create index "twoFactor_userId_idx" on auth."twoFactor" ("userId");
create index "twoFactor_secret_idx" on auth."twoFactor" ("secret");
create table auth."passkey" (
  "id" text not null primary key, "name" text, "publicKey" text not null,
  "userId" text not null references auth."user" ("id") on delete cascade, "credentialID" text not null, "counter" integer not null,
  "deviceType" text not null, "backedUp" boolean not null, "transports" text, "createdAt" timestamptz, "aaguid" text);
create index "passkey_userId_idx" on auth."passkey" ("userId");
create index "passkey_credentialID_idx" on auth."passkey" ("credentialID");
grant select, insert, update, delete on auth."twoFactor", auth."passkey" to tater_app;

grant select on sign_in_connections to tater_lookup;

-- The sign-in page, before anybody is known: which ways in there are for an address' domain, a short name or an id.
create function sign_in_choices(wanted_domain text, wanted_slug text, wanted_id uuid) returns table (
  connection_id uuid, organization_id uuid, organization_name text, kind text, name text, tenant_id uuid)
language sql stable security definer set search_path = public as $$
  select c.id, o.id, o.name, c.kind, c.name, c.tenant_id
  from sign_in_connections c join organizations o on o.id = c.organization_id and o.archived_at is null
  where c.domains @> array[wanted_domain] or o.slug = wanted_slug or c.id = wanted_id
  order by c.name, c.id limit 20
$$;
alter function sign_in_choices(text, text, uuid) owner to tater_lookup;

-- The organizations a Microsoft tenant may sign in to; those the person belongs to first.
create function connections_of_tenant(wanted_tenant uuid, provider_id text, subject text) returns table (
  connection_id uuid, organization_id uuid, organization_slug text)
language sql stable security definer set search_path = public as $$
  select c.id, o.id, o.slug
  from sign_in_connections c join organizations o on o.id = c.organization_id and o.archived_at is null
  left join auth."account" a on a."providerId" = provider_id and a."accountId" = subject
  left join memberships m on m.organization_id = o.id and m.user_id = a."userId"::uuid
  where c.kind = 'entra' and c.tenant_id = wanted_tenant
  order by (m.user_id is null), o.name, o.id limit 100
$$;
alter function connections_of_tenant(uuid, text, text) owner to tater_lookup;

-- Whether an account is nobody's yet but this organization's: invited here, member nowhere else, never signed in to.
create function is_unclaimed_here(wanted_user uuid) returns boolean
language sql stable security definer set search_path = public as $$
  select not u."superAdmin"
    and exists (select from memberships m where m.user_id = wanted_user and m.organization_id = current_organization())
    and not exists (select from memberships m where m.user_id = wanted_user and m.organization_id <> current_organization())
    and not exists (select from auth."account" a where a."userId" = u.id)
    and not exists (select from auth."passkey" p where p."userId" = u.id)
  from auth."user" u where u.id = wanted_user::text
$$;
grant select on auth."account", auth."passkey" to tater_lookup;
alter function is_unclaimed_here(uuid) owner to tater_lookup;

revoke execute on function sign_in_choices(text, text, uuid), connections_of_tenant(uuid, text, text), is_unclaimed_here(uuid) from public;
grant execute on function sign_in_choices(text, text, uuid), connections_of_tenant(uuid, text, text), is_unclaimed_here(uuid) to tater_app;

-- One more door: a directory that keeps people in step (SCIM).
alter table events drop constraint events_channel_check;
alter table events add constraint events_channel_check
  check (channel in ('web', 'api', 'mcp', 'copilot', 'claude', 'agent', 'cron', 'email', 'ado-webhook', 'public', 'scim'));
