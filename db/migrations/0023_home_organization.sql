-- People begin where they are at home (the organization they joined first), as the switcher shows it, not in the first by name.

create or replace function identify_session(session_token text) returns table (
  session_id text, user_id uuid, email text, name text, super_admin boolean, expires_at timestamptz,
  organization_id uuid, organization_name text, is_msp boolean, role text,
  provider_id uuid, provider_name text, tier text, elevation_id uuid, elevated_until timestamptz)
language sql stable security definer set search_path = public as $$
  select s.id, u.id::uuid, u.email, u.name, u."superAdmin" and s."vouchedBy" is null, s."expiresAt", o.id, o.name, o.is_msp, m.role,
         p.id, p.name, p.tier, e.id, e.expires_at
  from auth.session s
  join auth."user" u on u.id = s."userId"
  -- A new session begins at home, in the first organization the person joined; the switcher writes another into the session.
  left join organizations o on o.archived_at is null and o.id = coalesce(s."organizationId"::uuid, (
    select f.id from memberships b join organizations f on f.id = b.organization_id and f.archived_at is null
    where b.user_id = u.id::uuid order by b.created_at, f.name limit 1))
  left join memberships m on m.organization_id = o.id and m.user_id = u.id::uuid
    and (s."vouchedBy" is null or s."vouchedBy" = o.id::text)
  -- Who is a member acts as one; only others come in through a relation, the highest if there are several.
  left join lateral (
    select po.id, po.name, r.tier
    from memberships b
    join organizations po on po.id = b.organization_id and po.is_msp and po.archived_at is null
    join provider_relations r on r.organization_id = o.id and r.provider_id = po.id
    where b.user_id = u.id::uuid and b.role in ('ServiceProvider', 'OrgAdmin')
      and (s."vouchedBy" is null or s."vouchedBy" = po.id::text)
    order by r.tier desc, po.id limit 1) p on m.role is null and not (u."superAdmin" and s."vouchedBy" is null)
  left join lateral (
    select x.id, x.expires_at from provider_elevations x
    where x.organization_id = o.id and x.provider_id = p.id and x.user_id = u.id::uuid
      and x.ended_at is null and x.expires_at > now()
    order by x.expires_at desc limit 1) e on true
  where s.token = session_token and s."expiresAt" > now()
$$;
