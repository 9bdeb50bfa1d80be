#!/usr/bin/env bash
# A PostgreSQL for the tests: postgres.sh start|stop FOLDER. UNIX socket in FOLDER, no TCP, no fsync.
set -euo pipefail
action=$1 folder=$2
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)

as_postgres() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

stop() {
  [ -f "$folder/data/postmaster.pid" ] && as_postgres "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1
  rm -rf "$folder"
}

if [ "$action" = stop ]; then stop; exit 0; fi

stop || true
mkdir -p "$folder"
if [ "$(id -u)" = 0 ]; then
  chown postgres "$folder"
  path=$folder # every folder above must let postgres through
  while path=$(dirname "$path") && [ "$path" != / ]; do
    runuser -u postgres -- test -x "$path" || { echo "postgres can't enter $path: chmod o+x it" >&2; exit 1; }
  done
fi
as_postgres "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder.initdb.log" 2>&1
as_postgres "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" \
  -o "-k '$folder' -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300" start >/dev/null
