# rsync with hard links, ACLs, attributes and sparse files, there and back; and again, which has nothing to do.
source=$OUTSIDE/source
mkdir -p "$source/deep/er/still"
cd "$source"
for i in $(seq 400); do head -c $((i * 37)) /dev/zero | tr '\0' "\\$((i % 60 + 60))" >"deep/file$i"; done
for i in $(seq 100); do ln "deep/file$i" "deep/er/link$i"; done
ln -s ../../deep/file1 deep/er/still/symlink
ln -s nowhere dangling
mkfifo pipe
truncate -s 64M sparse
printf end | dd of=sparse bs=1 seek=50000000 conv=notrunc status=none
printf 'b\377d' >"$(printf 'name-\377')"
setfacl -m u:daemon:rw,g:games:r,m::rw deep/file1 deep/file2
setfacl -d -m u:daemon:rwx,g::rx deep/er
setfattr -n user.note -v 'some words' deep/file3
setfattr -n user.big -v "$(head -c 3000 /dev/zero | tr '\0' x)" deep/file4
chmod 4711 deep/file5
chown daemon:games deep/file6
touch -d '1999-12-31 23:59:59.123456789' deep/file7
seconds rsync -aHAXS --numeric-ids "$source/" "$CASE_DIR/there/"
figure "rsync -aHAXS there: $took s"
changes() { rsync -aHAXS --numeric-ids --checksum --itemize-changes --dry-run --delete "$1/" "$2/"; }
equal '' "$(changes "$source" "$CASE_DIR/there")" 'changes after the first run'
equal 2 "$(stat -c %h "$CASE_DIR/there/deep/file1")" 'links'
[ "$(stat -c %b "$CASE_DIR/there/sparse")" -lt 1000 ] || fail 'the sparse file takes all its space'
seconds rsync -aHAXS --numeric-ids "$CASE_DIR/there/" "$OUTSIDE/back/"
figure "rsync back: $took s"
equal '' "$(changes "$source" "$OUTSIDE/back")" 'changes after there and back'
outcome "acls $(cd "$CASE_DIR/there" && getfacl -R . 2>/dev/null | LC_ALL=C sort | sha256sum)"
outcome "attributes $(cd "$CASE_DIR/there" && getfattr -R -d . 2>/dev/null | LC_ALL=C sort | sha256sum)"
outcome "content $(checksums "$CASE_DIR/there" | sha256sum)"
