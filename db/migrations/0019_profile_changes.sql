-- Servers keep in memory which version of a profile is the current one; every change of one is told to all of them.
create trigger profiles_changed after insert or update or delete on profiles for each statement execute function announce_identity_change();
