-- Lists of one person's tasks are narrowed by state without reading the tasks they pass over: the state stands at the end of
-- the order, where PostgreSQL checks it before it goes to the row.
drop index tasks_by_assignee;
create index tasks_by_assignee on tasks (organization_id, assigned_to_email, updated_at desc, id desc, status_category)
  where deleted_at is null;
drop index tasks_by_requester;
create index tasks_by_requester on tasks (organization_id, requester_email, updated_at desc, id desc, status_category)
  where deleted_at is null;

-- New words wait in a list that every search reads from end to end; 256 KB of them are put in their place at once.
alter index task_search_words set (gin_pending_list_limit = 256);
