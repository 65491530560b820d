-- A provider reads the standing of its own clients only; the database sees to it, whatever the program asks for.
create or replace function compliance_of_organizations(wanted uuid[])
returns table (organization_id uuid, source text, scanned_at timestamptz, passed int, failed int, critical_failing int, high_failing int, stale_after_days int)
language sql stable security definer set search_path = public as $$
  select s.organization_id, s.source, s.scanned_at, s.passed, s.failed, s.critical_failing, s.high_failing,
         coalesce((select t.stale_after_days from security_settings t where t.organization_id = s.organization_id), 7)
  from scan_summaries s where s.organization_id = any (wanted)
  and exists (select from provider_relations r where r.organization_id = s.organization_id and r.provider_id = current_organization())
$$;
