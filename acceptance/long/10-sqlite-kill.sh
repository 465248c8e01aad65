# SQLite in WAL and in rollback mode, its writer killed again and again: the database stays whole, and every row whose
# commit was acknowledged is there.
kills=15
cd "$CASE_DIR"
writer() { # writer DATABASE FIRST: one row a transaction; says each row once it is committed
  for i in $(seq "$2" $(($2 + 100000))); do
    echo "INSERT INTO t VALUES($i, hex(randomblob(300)));"
    echo "SELECT $i;"
  done | exec sqlite3 -cmd '.timeout 60000' "$1"
}
for mode in wal delete; do
  sqlite3 $mode.db "PRAGMA journal_mode=$mode; PRAGMA synchronous=FULL; CREATE TABLE t(id INTEGER PRIMARY KEY, what);" >/dev/null
  first=1
  for kill in $(seq $kills); do
    (writer $mode.db "$first") >"acknowledged" 2>/dev/null &
    pid=$!
    # Long enough for some rows, at a moment that nothing chooses.
    sleep "0.$((RANDOM % 400 + 100))"
    for child in $(pgrep -P "$pid"); do kill -9 "$child" 2>/dev/null || true; done
    kill -9 "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    while pgrep -f "sqlite3 -cmd .timeout 60000 $mode.db" >/dev/null; do pkill -9 -f "sqlite3 -cmd .timeout 60000 $mode.db" || true; done
    equal ok "$(sqlite3 $mode.db 'PRAGMA integrity_check')" "integrity_check after kill $kill in $mode mode"
    said=$(tail -1 acknowledged); there=$(sqlite3 $mode.db 'SELECT coalesce(max(id), 0) FROM t')
    [ "${said:-0}" -le "$there" ] || fail "row $said was acknowledged, the last one is $there"
    equal "$there" "$(sqlite3 $mode.db 'SELECT count(*) FROM t')" 'rows without gaps'
    first=$((there + 1))
  done
  figure "$mode: $there rows through $kills kills"
  outcome "$mode whole after $kills kills"
done
