# A WAL database with concurrent writers, a rollback-journal one, and both after SIGKILL and a remount.
cd "$CASE_DIR"
sqlite3 wal.db 'PRAGMA journal_mode=WAL; CREATE TABLE t(id INTEGER PRIMARY KEY, who, what);' | grep -qx wal
writer() {
  for i in $(seq 100); do echo "INSERT INTO t(who, what) VALUES($1, hex(randomblob(200)));"; done |
    sqlite3 -cmd '.timeout 60000' wal.db
}
writers=()
for w in 1 2 3 4; do writer $w & writers+=($!); done
for w in "${writers[@]}"; do wait "$w"; done
equal ok "$(sqlite3 wal.db 'PRAGMA integrity_check')" integrity_check
equal 400 "$(sqlite3 wal.db 'SELECT count(*) FROM t')" rows
seconds sqlite3 wal.db 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<100000) INSERT INTO t(who, what) SELECT i, hex(randomblob(50)) FROM n;'
figure "100,000 rows into a WAL database: $took s"
sqlite3 roll.db 'PRAGMA journal_mode=DELETE; CREATE TABLE t(a); BEGIN; INSERT INTO t VALUES(1),(2),(3); COMMIT;' | grep -qx delete
cd "$WORK"
kill_and_up
equal ok "$(sqlite3 "$CASE_DIR/wal.db" 'PRAGMA integrity_check')" 'integrity_check after SIGKILL'
equal 100400 "$(sqlite3 "$CASE_DIR/wal.db" 'SELECT count(*) FROM t')" 'rows after SIGKILL'
equal 3 "$(sqlite3 "$CASE_DIR/roll.db" 'SELECT count(*) FROM t')" 'rows of the rollback-journal database'
remount
equal ok "$(sqlite3 "$CASE_DIR/wal.db" 'PRAGMA integrity_check')" 'integrity_check after a remount'
