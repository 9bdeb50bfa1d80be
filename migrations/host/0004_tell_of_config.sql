-- Whoever changes a runtime key, every node hears of it with the commit.

create function config_tell() returns trigger
  language plpgsql set search_path = pg_catalog
  as $$
  begin
    perform pg_notify('calixo_work', 'signal:host/config');
    return null;
  end
  $$;
create trigger config_tell after insert or update or delete or truncate on config
  for each statement execute function config_tell();
