# PostgreSQL: a cluster with data checksums, pgbench, a SIGKILL of all its processes under load and recovery; the tables
# agree with each other, amcheck and pg_checksums find nothing.
scale=10 load_seconds=20
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
data=$CASE_DIR/data socket=$CASE_DIR/socket
mkdir "$data" "$socket"
chmod 700 "$data"
chown postgres: "$CASE_DIR" "$data" "$socket"
as() { setpriv --reuid=postgres --regid=postgres --init-groups --reset-env "$@"; }
start() { as "$bin/pg_ctl" -D "$data" -l "$CASE_DIR/log" -o "-c listen_addresses='' -c unix_socket_directories='$socket'" -w -t 120 start >/dev/null; }
trap 'as "$bin/pg_ctl" -D "$data" -m immediate stop >/dev/null 2>&1 || true' EXIT
sql() { as "$bin/psql" -h "$socket" -d postgres -Atc "$1"; }
agree() { # each transaction adds the same amount to an account, a teller, a branch and the history
  sql 'SELECT (SELECT sum(abalance) FROM pgbench_accounts) = (SELECT sum(tbalance) FROM pgbench_tellers)
          AND (SELECT sum(tbalance) FROM pgbench_tellers) = (SELECT sum(bbalance) FROM pgbench_branches)
          AND (SELECT sum(bbalance) FROM pgbench_branches) = coalesce((SELECT sum(delta) FROM pgbench_history), 0)'
}
cd "$CASE_DIR"
seconds as "$bin/initdb" -D "$data" --data-checksums -A trust -E UTF8 --locale=C >/dev/null
figure "initdb: $took s"
start
seconds as "$bin/pgbench" -h "$socket" -i -q -s $scale postgres
figure "pgbench -i -s $scale: $took s"
outcome "accounts $(sql 'SELECT count(*) FROM pgbench_accounts')"
as "$bin/pgbench" -h "$socket" -c 4 -j 2 -T $load_seconds postgres >"$OUTSIDE/pgbench" 2>&1
figure "pgbench -c 4: $(sed -n 's/^tps = \([0-9.]*\).*/\1/p' "$OUTSIDE/pgbench") transactions/s"
equal t "$(agree)" 'tables after a run'
as "$bin/pgbench" -h "$socket" -n -c 4 -j 2 -T 600 postgres >/dev/null 2>&1 &
load=$!
before=$(sql 'SELECT count(*) FROM pgbench_history')
while [ "$(sql 'SELECT count(*) FROM pgbench_history')" -lt $((before + 500)) ]; do :; done
master=$(head -1 "$data/postmaster.pid")
kill -9 "$master" $(pgrep -P "$master")
wait "$load" || true
tail --pid="$master" -f /dev/null
start
equal t "$(agree)" 'tables after SIGKILL'
[ "$(sql 'SELECT count(*) FROM pgbench_history')" -ge $((before + 500)) ] || fail 'committed rows are gone'
sql 'CREATE EXTENSION amcheck' >/dev/null
as "$bin/pg_amcheck" -h "$socket" --heapallindexed postgres
outcome 'amcheck found nothing after SIGKILL'
as "$bin/pg_ctl" -D "$data" -m fast -w stop >/dev/null
as "$bin/pg_checksums" --check -D "$data" | grep -q '^Bad checksums: *0$'
outcome 'checksums right'
