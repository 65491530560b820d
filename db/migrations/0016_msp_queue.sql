-- One pane over all clients. Each function answers only about clients of the running organization that the person of the
-- transaction may see, whatever the program asks for (docs/decisions/msp-reads-across-clients.md).

create index tasks_open_by_due on tasks (organization_id, coalesce(resolution_due_at, 'infinity'), id)
  where deleted_at is null and merged_into_id is null and status_category in ('new', 'active', 'waiting');
create index tasks_open_by_update on tasks (organization_id, updated_at desc, id desc)
  where deleted_at is null and merged_into_id is null and status_category in ('new', 'active', 'waiting');
create index tasks_open_major on tasks (organization_id)
  where is_major_incident and deleted_at is null and merged_into_id is null and status_category in ('new', 'active', 'waiting');

create function clients_of_asker() returns table (organization_id uuid, tier text)
language sql stable security definer set search_path = public rows 100 as $$
  select r.organization_id, r.tier
  from provider_relations r
  join organizations p on p.id = r.provider_id and p.is_msp and p.archived_at is null
  join organizations o on o.id = r.organization_id and o.archived_at is null
  where r.provider_id = current_organization()
    and (exists (select from memberships m where m.organization_id = p.id and m.user_id = current_user_id() and m.role in ('ServiceProvider', 'OrgAdmin'))
      or exists (select from api_keys k where k.organization_id = p.id and k.id = current_user_id() and k.role = 'OrgAdmin' and k.revoked_at is null and k.provider_id is null)
      or exists (select from auth."user" u where u.id = current_user_id()::text and u."superAdmin"))
    -- A membership outranks the relation, also where it allows less.
    and not exists (select from memberships own where own.organization_id = o.id and own.user_id = current_user_id() and own.role = 'Requester')
$$;
alter function clients_of_asker() owner to tater_lookup;

create function provider_overview() returns table (
  id uuid, name text, slug text, tier text, license_type text, license_limit int, members int, open int, breaching int, major int)
language sql stable security definer set search_path = public rows 100 as $$
  select o.id, o.name, o.slug, c.tier, o.license_type, o.license_limit,
         (select count(*)::int from memberships m where m.organization_id = o.id), n.open, n.breaching,
         (select count(*)::int from tasks t where t.organization_id = o.id and t.is_major_incident and t.deleted_at is null
            and t.merged_into_id is null and t.status_category in ('new', 'active', 'waiting'))
  from clients_of_asker() c
  join organizations o on o.id = c.organization_id
  cross join lateral (
    select count(*)::int as open,
           (count(*) filter (where t.resolution_due_at < now() or t.due_date < now()
             or (t.response_due_at < now() and t.first_response_at is null)))::int as breaching
    from tasks t where t.organization_id = o.id and t.deleted_at is null and t.merged_into_id is null
      and t.status_category in ('new', 'active', 'waiting')) n
  order by o.name, o.id
$$;
alter function provider_overview() owner to tater_lookup;

-- A page of the open tickets of all clients, by due time or newest change: the first rows of each client along its index,
-- merged. The sentinels of the first page keep the comparison usable by the index.
create function provider_queue(
  clients uuid[], categories text[], priorities text[], assignee text, breaching boolean, by_update boolean,
  after_key timestamptz, after_id uuid, at_most int)
returns table (
  organization_id uuid, organization_name text, prefix text, tier text, id uuid, number int, title text, status text, status_category text, priority text,
  priority_rank int, is_major_incident boolean, assigned_to_email text, assigned_to_name text, requester_name text,
  due_at timestamptz, updated_at timestamptz, sort_key timestamptz)
language plpgsql stable security definer set search_path = public rows 100 as $$
begin
  if by_update then
    return query
      select c.organization_id, o.name, o.ticket_prefix, c.tier, t.id, t.number, t.title, t.status, t.status_category, t.priority, t.priority_rank,
             t.is_major_incident, t.assigned_to_email, t.assigned_to_name, t.requester_name, t.resolution_due_at, t.updated_at, t.updated_at
      from clients_of_asker() c
      join organizations o on o.id = c.organization_id
      cross join lateral (
        select x.* from tasks x
        where x.organization_id = c.organization_id and x.deleted_at is null and x.merged_into_id is null
          and x.status_category in ('new', 'active', 'waiting')
          and (categories is null or x.status_category = any (categories))
          and (priorities is null or x.priority = any (priorities))
          and (assignee is null or x.assigned_to_email = assignee or (assignee = '' and x.assigned_to_email is null))
          and (not breaching or x.resolution_due_at < now() or x.due_date < now() or (x.response_due_at < now() and x.first_response_at is null))
          and (x.updated_at, x.id) < (after_key, after_id)
        order by x.updated_at desc, x.id desc limit at_most) t
      where clients is null or c.organization_id = any (clients)
      order by t.updated_at desc, t.id desc limit at_most;
  else
    return query
      select c.organization_id, o.name, o.ticket_prefix, c.tier, t.id, t.number, t.title, t.status, t.status_category, t.priority, t.priority_rank,
             t.is_major_incident, t.assigned_to_email, t.assigned_to_name, t.requester_name, t.resolution_due_at, t.updated_at,
             coalesce(t.resolution_due_at, 'infinity')
      from clients_of_asker() c
      join organizations o on o.id = c.organization_id
      cross join lateral (
        select x.* from tasks x
        where x.organization_id = c.organization_id and x.deleted_at is null and x.merged_into_id is null
          and x.status_category in ('new', 'active', 'waiting')
          and (categories is null or x.status_category = any (categories))
          and (priorities is null or x.priority = any (priorities))
          and (assignee is null or x.assigned_to_email = assignee or (assignee = '' and x.assigned_to_email is null))
          and (not breaching or x.resolution_due_at < now() or x.due_date < now() or (x.response_due_at < now() and x.first_response_at is null))
          and (coalesce(x.resolution_due_at, 'infinity'), x.id) > (after_key, after_id)
        order by coalesce(x.resolution_due_at, 'infinity'), x.id limit at_most) t
      where clients is null or c.organization_id = any (clients)
      order by coalesce(t.resolution_due_at, 'infinity'), t.id limit at_most;
  end if;
end $$;
alter function provider_queue(uuid[], text[], text[], text, boolean, boolean, timestamptz, uuid, int) owner to tater_lookup;

-- A look across clients stands in the access log of each of them; `ids` are new ids, one for each client.
create function note_reads_of_clients(
  ids uuid[], clients uuid[], operation text, channel text, actor_kind text, actor_name text, actor_email text, provider_name text, request_id text)
returns int language sql volatile security definer set search_path = public as $$
  with noted as (
    insert into provider_access (organization_id, id, kind, operation, channel, actor_id, actor_kind, actor_name, actor_email,
      provider_id, provider_name, tier, request_id)
    select c.organization_id, given.id, 'read', operation, channel, current_user_id(), actor_kind, actor_name, actor_email,
      current_organization(), provider_name, c.tier, request_id
    from unnest(ids, clients) as given(id, client) join clients_of_asker() c on c.organization_id = given.client
    returning 1)
  select count(*)::int from noted
$$;
alter function note_reads_of_clients(uuid[], uuid[], text, text, text, text, text, text, text) owner to tater_lookup;
grant insert, select on provider_access to tater_lookup;

revoke execute on function clients_of_asker(), provider_overview(),
  provider_queue(uuid[], text[], text[], text, boolean, boolean, timestamptz, uuid, int),
  note_reads_of_clients(uuid[], uuid[], text, text, text, text, text, text, text) from public;
grant execute on function clients_of_asker(), provider_overview(),
  provider_queue(uuid[], text[], text[], text, boolean, boolean, timestamptz, uuid, int),
  note_reads_of_clients(uuid[], uuid[], text, text, text, text, text, text, text) to tater_app;

-- Where the organization's own scans are started: the address of an Azure Automation webhook is its secret.
create table scanning (
  organization_id uuid not null primary key references organizations (id),
  webhook         text not null,
  webhook_host    text not null,
  enabled         boolean not null default true,
  updated_at      timestamptz not null default now(),
  updated_by      text not null
);
call keep_to_organization('scanning');
