# SQLite in WAL and in rollback mode, its writer killed again and again: the database stays whole, no transaction is
# there in part, and every row whose commit was acknowledged is there.
kills=15 rows=10
cd "$CASE_DIR"
transactions() { # transactions FIRST: each of $rows rows; says the last one's number once it is committed
  local first
  for ((first = $1; ; first += rows)); do
    echo 'BEGIN;'
    for ((i = first; i < first + rows; i++)); do echo "INSERT INTO t VALUES($i, hex(randomblob(300)));"; done
    echo "COMMIT; SELECT $i - 1;" || return 0
  done
}
for mode in wal delete; do
  equal $mode "$(sqlite3 $mode.db "PRAGMA journal_mode=$mode; CREATE TABLE t(id INTEGER PRIMARY KEY, what);")" 'journal mode'
  first=1 acknowledged=$OUTSIDE/acknowledged
  for kill in $(seq $kills); do
    : >"$acknowledged"
    # Told line by line: what is acknowledged is known when the writer dies.
    stdbuf -oL sqlite3 -bail -cmd 'PRAGMA synchronous=FULL' $mode.db < <(transactions $first 2>/dev/null) >"$acknowledged" 2>"$OUTSIDE/errors" &
    writer=$!
    enough=$((RANDOM % 40 + 1))
    until [ "$(wc -l <"$acknowledged")" -ge $enough ]; do
      kill -0 $writer || fail "the writer ended: $(cat "$OUTSIDE/errors")"
    done
    kill -9 $writer
    wait $writer || true
    equal ok "$(sqlite3 $mode.db 'PRAGMA integrity_check')" "integrity_check after kill $kill in $mode mode"
    said=$(tail -1 "$acknowledged"); there=$(sqlite3 $mode.db 'SELECT max(id) FROM t')
    [ "$said" -le "$there" ] || fail "row $said was acknowledged, the last one is $there"
    equal "$there" "$(sqlite3 $mode.db 'SELECT count(*) FROM t')" 'rows without gaps'
    equal 0 $((there % rows)) 'rows of a transaction that was not committed'
    first=$((there + 1))
  done
  figure "$mode: $there rows through $kills kills"
  outcome "$mode whole after $kills kills"
done
