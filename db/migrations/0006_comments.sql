-- What people say about a ticket, and the files they bring.

create table comments (
  organization_id uuid not null,
  id              uuid not null,
  task_id         uuid not null,
  visibility      text not null check (visibility in ('public', 'internal')),
  body            text not null check (length(body) between 1 and 20000),
  mentions        text[] not null default '{}',
  author_id       uuid,
  author_kind     text not null,
  author_email    text not null,
  author_name     text not null,
  channel         text not null,
  version         int not null default 1,
  created_at      timestamptz not null,
  edited_at       timestamptz,
  deleted_at      timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, task_id) references tasks (organization_id, id)
);
call keep_to_organization('comments');
revoke delete on comments from tater_app;
create index comments_of_task on comments (organization_id, task_id, id);

create table comment_versions (
  organization_id uuid not null,
  comment_id      uuid not null,
  version         int not null,
  body            text not null,
  visibility      text not null,
  replaced_at     timestamptz not null,
  replaced_by     text not null,
  primary key (organization_id, comment_id, version),
  foreign key (organization_id, comment_id) references comments (organization_id, id)
);
call keep_to_organization('comment_versions');
revoke update, delete on comment_versions from tater_app;

create table attachments (
  organization_id uuid not null,
  id              uuid not null,
  task_id         uuid not null,
  comment_id      uuid,
  file_name       text not null check (length(file_name) between 1 and 255),
  content_type    text not null,
  size            bigint not null check (size >= 0),
  sha256          text not null,
  uploaded_by     text not null,
  created_at      timestamptz not null default now(),
  deleted_at      timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, task_id) references tasks (organization_id, id),
  foreign key (organization_id, comment_id) references comments (organization_id, id)
);
call keep_to_organization('attachments');
revoke delete on attachments from tater_app;
create index attachments_of_task on attachments (organization_id, task_id, id);
