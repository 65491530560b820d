-- A credential is never worth more than its maker is today (docs/decisions/014). Who made it, and on whose word they were
-- signed in, is written down; what that is worth is asked in one place, by those who identify and by those who end.

alter table api_keys
  add column made_by    uuid, -- null: the installation itself (set-up, command line)
  add column vouched_by text, -- the organization whose provider vouched for the maker's session
  add column acts_as    uuid; -- the person here in whose name it acts, when that is another than the maker
alter table scim_tokens add column made_by uuid, add column vouched_by text;
alter table agent_connections add column vouched_by text;
create index api_keys_of_maker on api_keys (made_by) where revoked_at is null;
create index api_keys_of_person on api_keys (acts_as) where revoked_at is null and acts_as is not null;
create index api_keys_of_provider on api_keys (provider_id) where revoked_at is null and provider_id is not null;
create index scim_tokens_of_maker on scim_tokens (made_by) where revoked_at is null;

-- How far a role or a tier reaches, in the order of the roles a key can have; each may what the one below may (modules/roles.ts).
create function reach(role_or_tier text) returns int language sql immutable parallel safe as $$
  select case role_or_tier
    when 'Requester' then 1 when 'Viewer' then 2 when 'T1' then 2 when 'Auditor' then 3 when 'ServiceProvider' then 3
    when 'T2' then 3 when 'OrgAdmin' then 4 when 'T3' then 4 when 'SuperAdmin' then 5 else 0 end
$$;

-- The relation through which a person works in a client: the highest, or that of one provider.
create function way_through_provider(person uuid, client uuid, voucher text, only_provider uuid)
returns table (provider_id uuid, provider_name text, tier text) language sql stable as $$
  select po.id, po.name, r.tier
  from memberships b
  join organizations po on po.id = b.organization_id and po.is_msp and po.archived_at is null
  join provider_relations r on r.organization_id = client and r.provider_id = po.id
  join organizations co on co.id = r.organization_id and co.archived_at is null
  where b.user_id = person and b.role in ('ServiceProvider', 'OrgAdmin')
    and (voucher is null or voucher = po.id::text) and (only_provider is null or only_provider = po.id)
  order by r.tier desc, po.id limit 1
$$;

-- What a person is in an organization now; no row where that is nothing. Who is a member acts as one, and only others come in
-- through a relation. On a provider's word (voucher) nobody is more than a member of that organization.
create function standing_in(person uuid, place uuid, voucher text)
returns table (super_admin boolean, role text, provider_id uuid, provider_name text, tier text) language sql stable as $$
  select x.rules, m.role, p.provider_id, p.provider_name, p.tier
  from auth."user" u
  cross join lateral (select u."superAdmin" and voucher is null as rules) x
  left join memberships m on m.organization_id = place and m.user_id = person and (voucher is null or voucher = place::text)
  left join lateral way_through_provider(person, place, voucher, null) p on m.role is null and not x.rules
  where u.id = person::text and u."disabledAt" is null and (x.rules or m.role is not null or p.tier is not null)
$$;

-- One row while a key is worth something. One that a provider's person made needs that provider's relation still, and a
-- membership of the maker that allows less counts as it does for the maker.
create function worth_of_key(place uuid, key_role text, maker uuid, voucher text, namesake uuid, through uuid)
returns table (provider_id uuid, provider_name text, tier text) language sql stable as $$
  select p.provider_id, p.provider_name, p.tier
  from (select maker as id) who
  left join auth."user" u on u.id = who.id::text and u."disabledAt" is null
  left join memberships m on m.organization_id = place and m.user_id = who.id and (voucher is null or voucher = place::text)
  left join lateral way_through_provider(who.id, place, voucher, through) p on through is not null
  where case
      when who.id is null then through is null
      when u.id is null then false
      when through is null then reach(m.role) >= reach(key_role) or (u."superAdmin" and voucher is null)
      else reach(p.tier) >= reach(key_role) and (m.role is null or reach(m.role) >= reach(key_role) or u."superAdmin")
    end
    and (namesake is null or exists (select from standing_in(namesake, place, null) s
      where s.super_admin or greatest(reach(s.role), reach(s.tier)) >= reach(key_role)))
$$;

-- One row while a directory's token is worth something: its maker could make it today.
create function worth_of_scim_token(place uuid, maker uuid, voucher text)
returns table (holds boolean) language sql stable as $$
  select true where maker is null
    or exists (select from standing_in(maker, place, voucher) s where s.super_admin or s.role = 'OrgAdmin')
$$;

revoke execute on function way_through_provider(uuid, uuid, text, uuid), standing_in(uuid, uuid, text),
  worth_of_key(uuid, text, uuid, text, uuid, uuid), worth_of_scim_token(uuid, uuid, text) from public;
grant execute on function way_through_provider(uuid, uuid, text, uuid), standing_in(uuid, uuid, text),
  worth_of_key(uuid, text, uuid, text, uuid, uuid), worth_of_scim_token(uuid, uuid, text) to tater_lookup;

-- Those who identify: a session, a key, an access token, a code or refresh token, a directory's token.

create or replace function identify_session(session_token text) returns table (
  session_id text, user_id uuid, email text, name text, super_admin boolean, expires_at timestamptz,
  organization_id uuid, organization_name text, is_msp boolean, role text,
  provider_id uuid, provider_name text, tier text, elevation_id uuid, elevated_until timestamptz)
language sql stable security definer set search_path = public as $$
  select s.id, u.id::uuid, u.email, u.name, u."superAdmin" and s."vouchedBy" is null, s."expiresAt", o.id, o.name, o.is_msp, w.role,
         w.provider_id, w.provider_name, w.tier, e.id, e.expires_at
  from auth.session s
  join auth."user" u on u.id = s."userId"
  -- A new session begins at home, in the first organization the person joined; the switcher writes another into the session.
  left join organizations o on o.archived_at is null and o.id = coalesce(s."organizationId"::uuid, (
    select f.id from memberships b join organizations f on f.id = b.organization_id and f.archived_at is null
    where b.user_id = u.id::uuid order by b.created_at, f.name limit 1))
  left join lateral standing_in(u.id::uuid, o.id, s."vouchedBy") w on true
  left join lateral (
    select x.id, x.expires_at from provider_elevations x
    where x.organization_id = o.id and x.provider_id = w.provider_id and x.user_id = u.id::uuid
      and x.ended_at is null and x.expires_at > now()
    order by x.expires_at desc limit 1) e on true
  where s.token = session_token and s."expiresAt" > now() and u."disabledAt" is null
$$;

create or replace function identify_api_key(key_hash bytea) returns table (
  key_id uuid, key_name text, email text, role text, expires_at timestamptz, organization_id uuid, organization_name text, is_msp boolean,
  provider_id uuid, provider_name text, tier text)
language sql stable security definer set search_path = public as $$
  select k.id, k.name, k.email, k.role, k.expires_at, o.id, o.name, o.is_msp, w.provider_id, w.provider_name, w.tier
  from api_keys k
  join organizations o on o.id = k.organization_id and o.archived_at is null
  join lateral worth_of_key(k.organization_id, k.role, k.made_by, k.vouched_by, k.acts_as, k.provider_id) w on true
  where k.hash = key_hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
    and not exists (select from auth."user" u where u.email = k.email and u."disabledAt" is not null)
$$;

create or replace function identify_agent_token(token_hash bytea) returns table (
  connection_id uuid, client_name text, may_write boolean, tools text[], resource text, expires_at timestamptz,
  user_id uuid, email text, name text, super_admin boolean, organization_id uuid, organization_name text, is_msp boolean,
  role text, provider_id uuid, provider_name text, tier text)
language sql stable security definer set search_path = public as $$
  select c.id, c.client_name, c.may_write, c.tools, t.resource, t.expires_at,
         u.id::uuid, u.email, u.name, w.super_admin, o.id, o.name, o.is_msp, w.role, w.provider_id, w.provider_name, w.tier
  from agent_tokens t
  join agent_connections c on c.organization_id = t.organization_id and c.id = t.connection_id and c.revoked_at is null
  join auth."user" u on u.id = c.user_id::text
  join organizations o on o.id = c.organization_id and o.archived_at is null
  join lateral standing_in(c.user_id, o.id, c.vouched_by) w on true
  where t.hash = token_hash and t.kind = 'access' and t.expires_at > now()
$$;

create or replace function organization_of_agent_token(token_hash bytea) returns uuid
language sql stable security definer set search_path = public as $$
  select t.organization_id
  from agent_tokens t
  join agent_connections c on c.organization_id = t.organization_id and c.id = t.connection_id and c.revoked_at is null
  join organizations o on o.id = c.organization_id and o.archived_at is null
  join lateral standing_in(c.user_id, o.id, c.vouched_by) w on true
  where t.hash = token_hash
$$;

create or replace function identify_scim_token(token_hash bytea) returns table (
  token_id uuid, prefix text, default_role text, organization_id uuid, organization_name text)
language sql stable security definer set search_path = public as $$
  select t.id, t.prefix, t.default_role, o.id, o.name
  from scim_tokens t
  join organizations o on o.id = t.organization_id and o.archived_at is null
  join lateral worth_of_scim_token(t.organization_id, t.made_by, t.vouched_by) w on true
  where t.hash = token_hash and t.revoked_at is null
$$;

-- Ending for good what is worth nothing any more: of a person, in an organization, through a provider, or everywhere (all null).
-- What it ended is told to the rest of the transaction in app.ended, so that whoever caused it can say so.
grant update on api_keys, scim_tokens, agent_connections, provider_elevations to tater_lookup;
grant delete on agent_tokens to tater_lookup;
create function end_credentials(person uuid, place uuid, provider uuid) returns void
language plpgsql security definer set search_path = public as $$
declare
  everywhere boolean := person is null and place is null and provider is null;
  ended jsonb;
begin
  -- Whoever makes a credential at this moment has either committed it, or will find the standing gone (require_standing).
  perform pg_advisory_xact_lock(hashtextextended('tater:credentials', 0));
  with ended_keys as (
    update api_keys k set revoked_at = now()
    where k.revoked_at is null
      and (everywhere or k.made_by = person or k.acts_as = person or k.organization_id = place or k.provider_id = provider)
      and not exists (select from worth_of_key(k.organization_id, k.role, k.made_by, k.vouched_by, k.acts_as, k.provider_id))
    returning k.organization_id, k.id, k.name || ' (' || k.prefix || '…)' as name),
  ended_tokens as (
    update scim_tokens t set revoked_at = now()
    where t.revoked_at is null and (everywhere or t.made_by = person or t.organization_id = place)
      and not exists (select from worth_of_scim_token(t.organization_id, t.made_by, t.vouched_by))
    returning t.organization_id, t.id, t.prefix || '…' as name),
  ended_connections as (
    update agent_connections c set revoked_at = now()
    where c.revoked_at is null
      and (everywhere or c.user_id = person or c.organization_id = place
        or c.user_id in (select m.user_id from memberships m where m.organization_id = provider))
      and not exists (select from standing_in(c.user_id, c.organization_id, c.vouched_by))
    returning c.organization_id, c.id, c.client_name as name),
  ended_elevations as (
    update provider_elevations e set ended_at = now(), ended_by = 'TATER Ops'
    where e.ended_at is null and e.expires_at > now()
      and (everywhere or e.user_id = person or e.organization_id = place or e.provider_id = provider)
      and not exists (select from auth."user" u
        cross join lateral way_through_provider(e.user_id, e.organization_id, null, e.provider_id) w
        where u.id = e.user_id::text and u."disabledAt" is null)),
  forgotten as (delete from agent_tokens t using ended_connections c where t.organization_id = c.organization_id and t.connection_id = c.id)
  select jsonb_agg(jsonb_build_object('organizationId', organization_id, 'kind', kind, 'id', id, 'name', name) order by kind, name)
  into ended
  from (select 'key' as kind, * from ended_keys union all select 'scimToken', * from ended_tokens
    union all select 'connection', * from ended_connections) each;
  if ended is not null then
    perform set_config('app.ended', (coalesce(nullif(current_setting('app.ended', true), ''), '[]')::jsonb || ended)::text, true);
  end if;
end $$;
alter function end_credentials(uuid, uuid, uuid) owner to tater_lookup;
revoke execute on function end_credentials(uuid, uuid, uuid) from public;
grant execute on function end_credentials(uuid, uuid, uuid) to tater_app;

-- Whatever takes standing away.
drop trigger keys_end on memberships;
drop function revoke_keys_of_member();
drop trigger credentials_end on provider_relations;
drop function revoke_credentials_of_provider();

create function end_credentials_of_member() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform end_credentials(old.user_id, null, null);
  return null;
end $$;
create function end_credentials_of_relation() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform end_credentials(null, old.organization_id, null);
  return null;
end $$;
create function end_credentials_of_organization() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform end_credentials(null, old.id, old.id);
  return null;
end $$;
create function end_credentials_of_account() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform end_credentials(old.id::uuid, null, null);
  return null;
end $$;
create trigger credentials_end after delete or update of role on memberships
  for each row execute function end_credentials_of_member();
create trigger credentials_end after delete or update of tier on provider_relations
  for each row execute function end_credentials_of_relation();
create trigger credentials_end after update of archived_at, is_msp on organizations
  for each row when (new.archived_at is distinct from old.archived_at or new.is_msp is distinct from old.is_msp)
  execute function end_credentials_of_organization();
create trigger credentials_end after update of "disabledAt", "superAdmin" on auth."user"
  for each row when (new."disabledAt" is distinct from old."disabledAt" or new."superAdmin" is distinct from old."superAdmin")
  execute function end_credentials_of_account();
create trigger credentials_end_with_account after delete on auth."user" for each row execute function end_credentials_of_account();

-- Nobody makes a credential from a standing that ends at the same moment. TS001 is said in words by platform/problem.ts.
create function require_standing() returns trigger language plpgsql security definer set search_path = public as $$
declare
  holds boolean;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('tater:credentials', 0));
  if tg_table_name <> 'agent_connections' then
    -- A server of the release before, which works on while this one starts, says the maker by address only.
    new.made_by := coalesce(new.made_by, (select u.id::uuid from auth."user" u where u.email = new.created_by));
  end if;
  if tg_table_name = 'api_keys' then
    holds := exists (select from worth_of_key(new.organization_id, new.role, new.made_by, new.vouched_by, new.acts_as, new.provider_id));
  elsif tg_table_name = 'scim_tokens' then
    holds := exists (select from worth_of_scim_token(new.organization_id, new.made_by, new.vouched_by));
  else
    holds := exists (select from standing_in(new.user_id, new.organization_id, new.vouched_by));
  end if;
  if not holds then
    raise exception 'whoever makes this has not the standing for it' using errcode = 'TS001';
  end if;
  return new;
end $$;
create trigger standing_first before insert on api_keys for each row execute function require_standing();
create trigger standing_first before insert on scim_tokens for each row execute function require_standing();
create trigger standing_first before insert or update of revoked_at on agent_connections
  for each row when (new.revoked_at is null) execute function require_standing();

alter function end_credentials_of_member() owner to tater_lookup;
alter function end_credentials_of_relation() owner to tater_lookup;
alter function end_credentials_of_organization() owner to tater_lookup;
alter function end_credentials_of_account() owner to tater_lookup;
alter function require_standing() owner to tater_lookup;
revoke execute on function end_credentials_of_member(), end_credentials_of_relation(), end_credentials_of_organization(),
  end_credentials_of_account(), require_standing() from public;

-- Who made what is there already: the activity knows. A key made by a key was made by whoever made that one. Where neither the
-- activity nor the address leads to anybody, the maker is an account that does not exist, and the first start ends the key.
grant select on events to tater_lookup;
set local role tater_lookup;
with recursive made as (
  select k.organization_id, k.id, e.actor_kind, e.actor_id, 0 as step
  from api_keys k
  join lateral (select actor_kind, actor_id from events where organization_id = k.organization_id and subject_id = k.id::text
    and action = 'key.created' order by id limit 1) e on true
  union all
  select m.organization_id, m.id, e.actor_kind, e.actor_id, m.step + 1
  from made m
  join lateral (select actor_kind, actor_id from events where organization_id = m.organization_id and subject_id = m.actor_id::text
    and action = 'key.created' order by id limit 1) e on true
  where m.actor_kind = 'key' and m.step < 100),
first as (select distinct on (organization_id, id) * from made order by organization_id, id, step desc)
update api_keys k set made_by = case
    when f.actor_kind in ('user', 'agent') then f.actor_id
    when f.actor_kind = 'system' or f.id is null and k.created_by = 'system@tater.invalid' then null
    else coalesce((select u.id::uuid from auth."user" u where f.id is null and u.email = k.created_by),
      '00000000-0000-0000-0000-000000000000') end
from api_keys own left join first f on f.organization_id = own.organization_id and f.id = own.id
where k.organization_id = own.organization_id and k.id = own.id and k.revoked_at is null;

update api_keys k set acts_as = u.id::uuid
from auth."user" u, memberships m
where k.revoked_at is null and u.email = k.email and u.id::uuid is distinct from k.made_by
  and m.organization_id = k.organization_id and m.user_id = u.id::uuid and reach(m.role) >= reach(k.role);

update scim_tokens t set made_by = case
    when e.actor_kind in ('user', 'agent') then e.actor_id
    when k.id is not null and k.revoked_at is null then k.made_by
    when e.actor_kind = 'system' or e.actor_kind is null and t.created_by = 'system@tater.invalid' then null
    else coalesce((select u.id::uuid from auth."user" u where e.actor_kind is null and u.email = t.created_by),
      '00000000-0000-0000-0000-000000000000') end
from scim_tokens own
left join lateral (select actor_kind, actor_id from events where organization_id = own.organization_id and subject_id = own.id::text
  and action = 'scim-token.created' order by id limit 1) e on true
left join api_keys k on k.organization_id = own.organization_id and k.id = e.actor_id
where t.organization_id = own.organization_id and t.id = own.id and t.revoked_at is null;
reset role;
revoke select on events from tater_lookup;
