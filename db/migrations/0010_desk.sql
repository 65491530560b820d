-- A desk with 100,000 tickets. Ranking a match costs more than finding it, so only those who show the best first rank,
-- and at most the newest 2,000 (ids grow with time); a filter takes the matches as they come.

create or replace function search_task_ids(words tsquery, at_most int) returns table (task_id uuid, rank real)
language sql stable security definer set search_path = public as $$
  select newest.task_id, ts_rank(newest.document, words) as rank
  from (select s.task_id, s.document from task_search s
    where s.organization_id = current_organization() and s.document @@ words order by s.task_id desc limit 2000) newest
  order by rank desc, newest.task_id desc limit at_most
$$;

create function match_task_ids(words tsquery, at_most int) returns table (task_id uuid)
language sql stable security definer set search_path = public rows 2000 as $$
  select s.task_id from task_search s where s.organization_id = current_organization() and s.document @@ words limit at_most
$$;
alter function match_task_ids(tsquery, int) owner to tater_lookup;
revoke execute on function match_task_ids(tsquery, int) from public;
grant execute on function match_task_ids(tsquery, int) to tater_app;

-- All the dashboard counts about open tickets, without a look at the tickets themselves.
create index tasks_open on tasks (organization_id, status_category) include
  (priority, category, status, assigned_to_email, team_id, due_date, response_due_at, resolution_due_at, first_response_at, created_at)
  where deleted_at is null and merged_into_id is null and status_category in ('new', 'active', 'waiting');
