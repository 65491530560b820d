-- Whether the running organization's provider may speak for a member's account: nobody has made it their own (no password,
-- passkey or sign-in that the person connected), and this organization has not named another subject for it yet. Each
-- provider's word opens its own organization only, so those of several organizations may stand side by side.
create function is_unclaimed(wanted_user uuid) returns boolean
language sql stable security definer set search_path = public as $$
  select not u."superAdmin"
    and exists (select from memberships m where m.user_id = wanted_user and m.organization_id = current_organization())
    and not exists (select from auth."account" a where a."userId" = u.id
      and (a."vouchedBy" is null or a."vouchedBy" = current_organization()::text))
    and not exists (select from auth."passkey" p where p."userId" = u.id)
  from auth."user" u where u.id = wanted_user::text
$$;
alter function is_unclaimed(uuid) owner to tater_lookup;
revoke execute on function is_unclaimed(uuid) from public;
grant execute on function is_unclaimed(uuid) to tater_app;
drop function is_unclaimed_here(uuid);

-- Names are found without regard to case; lower() is not leakproof, so under the policy an index on it could not be used.
alter table scim_users add column user_key text not null generated always as (lower(user_name)) stored;
drop index scim_users_by_name;
create unique index scim_users_by_name on scim_users (organization_id, user_key);
