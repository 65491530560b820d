-- What slows down guessing, the same for every server process.

-- The time step of the last code of the authenticator app that was accepted; none up to it is again (RFC 6238 §5.2).
alter table auth."twoFactor" add column "lastStep" bigint;

-- Attempts with a password that were wrong, or have not yet turned out right (modules/identity/throttle.ts). Who they are
-- about and where they came from is kept as a keyed hash.
create table auth.sign_in_attempts (
  place    bytea primary key,
  failures int not null,
  since    timestamptz not null,
  next_at  timestamptz not null
);
create index sign_in_attempts_old on auth.sign_in_attempts (next_at);
grant select, insert, update, delete on auth.sign_in_attempts to tater_app;

delete from auth."rateLimit" where "key" like 'account:%';
