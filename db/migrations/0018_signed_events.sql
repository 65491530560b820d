-- A signature for each entry of the activity, made by the program when AUDIT_SIGNING_KEY is set (platform/signature.ts).
alter table events
  add column signature     text,
  add column signature_key text,
  add check ((signature is null) = (signature_key is null));
