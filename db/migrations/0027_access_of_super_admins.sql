-- SuperAdmins of the installation stand in the access log of an organization they are no member of; they have no provider
-- and no tier.
alter table provider_access
  alter column provider_id drop not null,
  alter column provider_name drop not null,
  alter column tier drop not null,
  add check ((provider_id is null) = (provider_name is null) and (provider_id is null) = (tier is null));
