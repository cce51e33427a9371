#!/bin/sh
# usage: pg_fixture.sh PROGRAM…   Runs each program against a PostgreSQL cluster of its own: made in a temporary
# directory, reached through a socket there (no port of the machine is taken), stopped and removed at the end.
# Leaves with 77 (skipped) and says why where PostgreSQL is not installed.
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -x "$bin/initdb" ] || bin=$(dirname "$(command -v initdb 2>/dev/null)" 2>/dev/null)
[ -x "$bin/initdb" ] || { echo "skipped: PostgreSQL is not installed (apt-get install postgresql); ./dev check installs it"; exit 77; }
dir=$(mktemp -d /tmp/venule-pg-XXXXXX)
as=
if [ "$(id -u)" = 0 ]; then
    id postgres >/dev/null 2>&1 || { rmdir "$dir"; echo "skipped: initdb will not run as root and there is no user postgres"; exit 77; }
    chown postgres "$dir"
    as="runuser -u postgres --"
fi
stop() {
    $as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1
    rm -rf "$dir"
}
trap stop EXIT
trap 'exit 1' INT TERM
here=$PWD
cd "$dir" || exit 1 # initdb wants a directory its user may enter
$as "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N >"$dir/initdb.log" 2>&1 ||
    { cat "$dir/initdb.log"; echo "initdb failed"; exit 1; }
# no fsync: this cluster is thrown away
options="-c listen_addresses='' -c unix_socket_directories='$dir' -c fsync=off -c shared_buffers=32MB -c max_connections=20"
$as "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" -o "$options" start \
    >/dev/null || { cat "$dir/log"; echo "PostgreSQL did not start"; exit 1; }
VENULE_TEST_PG="postgresql://postgres@/postgres?host=$dir"
VENULE_TEST_PG_CTL=$bin/pg_ctl # for the test that restarts it
VENULE_TEST_PG_OPTIONS=$options
export VENULE_TEST_PG VENULE_TEST_PG_CTL VENULE_TEST_PG_OPTIONS
failed=0
cd "$here" || exit 1
for program in "$@"; do
    "$program" || failed=1
done
[ $failed = 0 ] || tail -n 20 "$dir/log"
exit $failed
