-- What somebody could do by a key or a connected program ends with the standing it was made from, and for good.

-- A member removed or set lower: the keys that person made here and that reach higher than the person does now.
create function revoke_keys_of_member() returns trigger language plpgsql as $$
declare
  reach int := case when tg_op = 'DELETE' then 0
    else coalesce(array_position(array['Requester', 'Viewer', 'Auditor', 'OrgAdmin'], case new.role when 'ServiceProvider' then 'Auditor' else new.role end), 0) end;
begin
  update api_keys k set revoked_at = now()
  from auth."user" u
  where u.id = old.user_id::text and k.organization_id = old.organization_id and k.created_by = u.email and k.revoked_at is null
    and array_position(array['Requester', 'Viewer', 'Auditor', 'OrgAdmin'], k.role) > reach;
  return null;
end $$;
create trigger keys_end after delete or update of role on memberships for each row execute function revoke_keys_of_member();

-- A relation ended: the keys its provider made here, and what programs were allowed by people who are no members. A later
-- relation begins without them.
create function revoke_credentials_of_provider() returns trigger language plpgsql as $$
begin
  update api_keys set revoked_at = now()
  where organization_id = old.organization_id and provider_id = old.provider_id and revoked_at is null;
  update agent_connections c set revoked_at = now()
  where c.organization_id = old.organization_id and c.revoked_at is null
    and not exists (select from memberships m where m.organization_id = c.organization_id and m.user_id = c.user_id)
    and not exists (select from auth."user" u where u.id = c.user_id::text and u."superAdmin");
  return null;
end $$;
create trigger credentials_end after delete on provider_relations for each row execute function revoke_credentials_of_provider();
