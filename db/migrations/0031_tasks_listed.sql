-- The list in its usual order, walked by a search without going to the tasks themselves: all that a list asks of every task
-- is in the condition. It takes the place of the index that held merged tasks, too, which no list shows.
create index if not exists tasks_listed on tasks (organization_id, updated_at desc, id desc)
  where deleted_at is null and merged_into_id is null;
drop index if exists tasks_by_update;
