-- Agents: the programs people connect (OAuth 2.1), what an organization lets them do, and what they did today.

-- A client registers before anybody has signed in, so it belongs to no organization; nothing in it is secret but a hash.
create table agent_clients (
  id            text primary key check (length(id) between 1 and 500), -- ours, or the https address of its document
  name          text not null check (length(name) between 1 and 200),
  redirect_uris text[] not null check (cardinality(redirect_uris) between 1 and 20),
  uri           text check (length(uri) <= 2000),
  auth_method   text not null check (auth_method in ('none', 'client_secret_basic', 'client_secret_post')),
  secret_hash   bytea,
  created_at    timestamptz not null default now(),
  check ((auth_method = 'none') = (secret_hash is null))
);
grant select, insert, update, delete on agent_clients to tater_app;
create index agent_clients_by_age on agent_clients (created_at);

-- What one person let one client do in one organization.
create table agent_connections (
  organization_id uuid not null references organizations (id),
  id              uuid not null,
  user_id         uuid not null,
  client_id       text not null references agent_clients (id),
  client_name     text not null,
  redirect_host   text not null,
  may_write       boolean not null,
  tools           text[], -- null: every tool
  created_at      timestamptz not null default now(),
  revoked_at      timestamptz,
  primary key (organization_id, id),
  unique (organization_id, user_id, client_id)
);
call keep_to_organization('agent_connections');
create index agent_connections_of_user on agent_connections (user_id, id desc);
create index agent_connections_of_client on agent_connections (client_id);
-- Everybody sees the own connections, in whichever organization, to end them.
create policy own on agent_connections for select using (user_id = (select current_user_id()));

-- Codes, access and refresh tokens: hashes only. A used code or refresh token stays until it expires, to notice a second use.
create table agent_tokens (
  organization_id uuid not null,
  id              uuid not null,
  connection_id   uuid not null,
  kind            text not null check (kind in ('code', 'access', 'refresh')),
  hash            bytea not null unique,
  resource        text not null,
  redirect_uri    text,
  challenge       text,
  created_at      timestamptz not null default now(),
  expires_at      timestamptz not null,
  used_at         timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, connection_id) references agent_connections (organization_id, id) on delete cascade,
  check ((kind = 'code') = (challenge is not null and redirect_uri is not null))
);
call keep_to_organization('agent_tokens');
create index agent_tokens_of_connection on agent_tokens (organization_id, connection_id);

-- What agents may do in the organization (modules/agents/policy.ts reads the document).
create table tool_policies (
  organization_id uuid not null references organizations (id),
  policy          jsonb not null,
  version         int not null default 1,
  updated_at      timestamptz not null default now(),
  updated_by      text not null,
  primary key (organization_id)
);
call keep_to_organization('tool_policies');

-- Limits of one token: an API key or a connection.
create table agent_limits (
  organization_id  uuid not null references organizations (id),
  token_id         uuid not null,
  tools            text[], -- null: every tool
  daily_writes     int check (daily_writes >= 0),
  calls_per_minute int check (calls_per_minute > 0),
  paused_at        timestamptz,
  primary key (organization_id, token_id)
);
call keep_to_organization('agent_limits');

-- What a token did on a day (UTC); its writes are counted in the transaction of each write.
create table agent_usage (
  organization_id uuid not null,
  token_id        uuid not null,
  day             date not null,
  writes          int not null default 0,
  minute          timestamptz,
  calls           int not null default 0, -- in that minute
  last_used_at    timestamptz not null default now(),
  primary key (organization_id, token_id, day)
);
call keep_to_organization('agent_usage');

-- A key may end by itself.
alter table api_keys add expires_at timestamptz;
drop function identify_api_key(bytea);
create function identify_api_key(key_hash bytea) returns table (
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
$$;
alter function identify_api_key(bytea) owner to tater_lookup;

-- Who stands behind an access token, and what that person is in its organization at this moment: a member, or a guest
-- through a provider's relation (0012). An elevation is the person's at the screen, not that of a program.
grant select on agent_tokens, agent_connections to tater_lookup;
create function identify_agent_token(token_hash bytea) returns table (
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
  where t.hash = token_hash and t.kind = 'access' and t.expires_at > now()
$$;
alter function identify_agent_token(bytea) owner to tater_lookup;

-- Whose a code or refresh token is; the rest happens inside that organization.
create function organization_of_agent_token(token_hash bytea) returns uuid
language sql stable security definer set search_path = public as $$
  select organization_id from agent_tokens where hash = token_hash
$$;
alter function organization_of_agent_token(bytea) owner to tater_lookup;

-- Registering costs nothing, so what nobody connected within a day is forgotten; whether anybody did, only a look past the policies tells.
grant select, delete on agent_clients to tater_lookup;
create function forget_idle_agent_clients() returns void
language sql volatile security definer set search_path = public as $$
  delete from agent_clients c where c.created_at < now() - interval '1 day'
    and not exists (select from agent_connections n where n.client_id = c.id)
$$;
alter function forget_idle_agent_clients() owner to tater_lookup;

revoke execute on function identify_api_key(bytea), identify_agent_token(bytea), organization_of_agent_token(bytea), forget_idle_agent_clients() from public;
grant execute on function identify_api_key(bytea), identify_agent_token(bytea), organization_of_agent_token(bytea), forget_idle_agent_clients() to tater_app;

-- A refreshed token announces nothing; whatever takes rights away does.
create trigger identity_changed after update or delete on agent_connections for each statement execute function announce_identity_change();
create trigger identity_changed after delete on agent_tokens for each statement execute function announce_identity_change();
create trigger identity_changed after insert or update or delete on tool_policies for each statement execute function announce_identity_change();
create trigger identity_changed after insert or update or delete on agent_limits for each statement execute function announce_identity_change();
