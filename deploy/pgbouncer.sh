#!/bin/sh
# PgBouncer in transaction mode. The settings are libpq's, of the database's owner on the direct way:
#   PGHOST PGPORT PGDATABASE PGUSER PGPASSWORD
# LISTEN_ADDR and LISTEN_PORT: where it listens. POOL_SIZE: connections to PostgreSQL that all servers share.
# The program signs in with a login of its own; the owner looks up its password's verifier (auth_query), so that
# nothing has to be entered twice. An owner that is no superuser may not do that: see docs/scaling.md.
set -eu
folder=$(mktemp -d)
umask 077
printf '"%s" "%s"\n' "$PGUSER" "$PGPASSWORD" > "$folder/users"
cat > "$folder/pgbouncer.ini" <<END
[databases]
$PGDATABASE = host=$PGHOST port=${PGPORT:-5432} auth_user=$PGUSER

[pgbouncer]
listen_addr = ${LISTEN_ADDR:-0.0.0.0}
listen_port = ${LISTEN_PORT:-6432}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = $folder/users
pool_mode = transaction
default_pool_size = ${POOL_SIZE:-20}
max_client_conn = ${MAX_CLIENTS:-1000}
# Log what is wrong, not who comes and goes.
log_connections = 0
log_disconnections = 0
log_stats = 0
END
exec pgbouncer "$folder/pgbouncer.ini"
