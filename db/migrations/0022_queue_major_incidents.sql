-- The queue of all clients also by major incidents.
drop function provider_queue(uuid[], text[], text[], text, boolean, boolean, timestamptz, uuid, int);

-- A page of the open tickets of all clients, by due time or newest change: the first rows of each client along its index,
-- merged. Planned for each call, so that a filter not given costs nothing. The sentinels of the first page keep the comparison usable by the index.
create function provider_queue(
  clients uuid[], categories text[], priorities text[], assignee text, breaching boolean, major boolean, by_update boolean,
  after_key timestamptz, after_id uuid, at_most int)
returns table (
  organization_id uuid, organization_name text, prefix text, tier text, id uuid, number int, title text, status text, status_category text, priority text,
  priority_rank int, is_major_incident boolean, assigned_to_email text, assigned_to_name text, requester_name text,
  due_at timestamptz, updated_at timestamptz, sort_key timestamptz)
language plpgsql stable security definer set search_path = public set plan_cache_mode = force_custom_plan rows 100 as $$
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
          and (not major or x.is_major_incident)
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
          and (not major or x.is_major_incident)
          and (coalesce(x.resolution_due_at, 'infinity'), x.id) > (after_key, after_id)
        order by coalesce(x.resolution_due_at, 'infinity'), x.id limit at_most) t
      where clients is null or c.organization_id = any (clients)
      order by coalesce(t.resolution_due_at, 'infinity'), t.id limit at_most;
  end if;
end $$;
alter function provider_queue owner to tater_lookup;
revoke execute on function provider_queue from public;
grant execute on function provider_queue to tater_app;
