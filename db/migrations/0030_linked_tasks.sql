-- Hardly any task has links, and looking for them costs more than reading the task: the task itself says whether to look.
-- It goes on saying so when its last link is gone; looking in vain is harmless.
alter table tasks add column linked boolean not null default false;

create function mark_linked() returns trigger language plpgsql as $$
begin
  update tasks set linked = true
    where organization_id = new.organization_id and id in (new.task_id, new.target_id) and not linked;
  return null;
end $$;
create trigger task_linked after insert on task_links for each row execute function mark_linked();

-- allowed: the few tasks that have links, once
update tasks set linked = true
  from (select organization_id, task_id as id from task_links union select organization_id, target_id from task_links) ends
  where tasks.organization_id = ends.organization_id and tasks.id = ends.id;
