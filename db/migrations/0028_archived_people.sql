-- Archived people are listed, to be brought back; those merged into somebody are that person now.
create index contacts_archived on contacts (organization_id, name_key, id) where archived_at is not null and merged_into_id is null;
