-- What happened while the phone was down. The service writes; its reader only marks it as seen.

create table notifications (
  id serial primary key,
  user_id uuid not null references users (id) on delete cascade,
  type text not null check (type in ('reward', 'social', 'system')),
  payload jsonb not null default '{}' check (jsonb_typeof(payload) = 'object'),
  seen boolean not null default false,
  created_at timestamptz not null default now()
);
create index notifications_user_id on notifications (user_id, id desc);
create index notifications_unseen on notifications (user_id, id desc) where not seen;

alter table notifications enable row level security;
alter table notifications force row level security;

create policy "users read their own notifications" on notifications
  for select using (
    user_id = (select auth.uid()) or (select auth.role()) = 'service_role');
create policy "the service notifies" on notifications
  for insert with check ((select auth.role()) = 'service_role');
create policy "users mark their own as seen" on notifications
  for update using (
    user_id = (select auth.uid()) or (select auth.role()) = 'service_role');
create policy "the service erases notifications" on notifications
  for delete using ((select auth.role()) = 'service_role');

grant select, insert, delete on notifications to calixo_notifications;
grant update (seen) on notifications to calixo_notifications;
grant usage on sequence notifications_id_seq to calixo_notifications;
