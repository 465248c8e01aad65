# tar and rsync keep hard links, sparse files, modes, owners, times, devices and extended attributes.
source=$OUTSIDE/source
mkdir -p "$source/a/b" "$source/empty"
head -c 3000000 /dev/urandom >"$source/a/random"
ln "$source/a/random" "$source/a/b/hard link"
ln -s ../random "$source/a/b/symlink"
ln -s /nowhere "$source/dangling"
mkfifo "$source/fifo"
mknod "$source/null" c 1 3
truncate -s 50M "$source/sparse"
printf x | dd of="$source/sparse" bs=1 seek=30000000 conv=notrunc status=none
install -m 4755 -o 1 -g 2 /dev/null "$source/setuid"
install -m 0000 /dev/null "$source/no mode"
touch -d '1999-12-31 23:59:59.123456789' "$source/a/random"
if setfattr -n user.colour -v blue "$source/a/random" 2>/dev/null; then
  with_xattrs='-X'
  setfattr -n user.binary -v 0x00ff10 "$source/a"
else
  with_xattrs=''
fi
chmod 3770 "$source/a/b"
# Whole seconds in the past: rsync keeps fractions for regular files only.
find "$source" -depth ! -type f -exec touch -h -d '2001-02-03 04:05:06' {} +

rsync -aHAS $with_xattrs "$source/" "$CASE_DIR/rsynced/"
equal '' "$(rsync -aHAS $with_xattrs --checksum --itemize-changes --dry-run "$source/" "$CASE_DIR/rsynced/")" 'second rsync'
diff <(listing "$source") <(listing "$CASE_DIR/rsynced")
equal "$(stat -c %i "$CASE_DIR/rsynced/a/random")" "$(stat -c %i "$CASE_DIR/rsynced/a/b/hard link")" 'inode of a hard link'
if [ -n "$with_xattrs" ]; then
  equal blue "$(getfattr --only-values -n user.colour "$CASE_DIR/rsynced/a/random")" 'extended attribute'
fi
[ "$(du -k "$CASE_DIR/rsynced/sparse" | cut -f1)" -lt 1024 ] || fail 'the sparse file is not sparse'

mkdir "$CASE_DIR/untarred"
tar -C "$source" --xattrs --numeric-owner -cSf "$CASE_DIR/archive.tar" .
tar -C "$CASE_DIR/untarred" --xattrs --numeric-owner -xSpf "$CASE_DIR/archive.tar"
diff <(listing "$source") <(listing "$CASE_DIR/untarred")
diff <(checksums "$source") <(checksums "$CASE_DIR/untarred")
tar -C "$CASE_DIR" -df "$CASE_DIR/archive.tar" -C untarred
