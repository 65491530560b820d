-- Numbers over time (created and closed per day, ageing) read a range of dates.
create index tasks_by_creation on tasks (organization_id, created_at) where deleted_at is null;
create index tasks_by_closing on tasks (organization_id, closed_at) where closed_at is not null and deleted_at is null;
