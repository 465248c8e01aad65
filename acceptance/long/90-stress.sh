# stress-ng's stressors of filesystems with --verify: each ends as it does on the host.
stressor_seconds=4
cd "$CASE_DIR"
chmod 777 .
ran=0 others=''
for stressor in access chdir chmod chown copy-file dentry dir dirdeep dup dynlib fallocate fcntl fiemap file-ioctl filename \
  flock fpunch fsize fstat getdent hdd inode-flags inotify iomix lease link locka lockf lockofd metamix mknod mmap msync \
  open rename seek sendfile symlink sync-file touch truncate utime verity xattr; do
  code=0
  timeout 120 stress-ng --"$stressor" 2 --timeout $stressor_seconds --verify --temp-path "$CASE_DIR" >"$OUTSIDE/log" 2>&1 || code=$?
  [ "$code" != 0 ] && { echo "--- $stressor"; tail -15 "$OUTSIDE/log"; }
  [ "$code" = 0 ] && ran=$((ran + 1)) || others+=" $stressor ($code)"
  outcome "$stressor $code"
done
figure "$ran stressors verified;${others:- none} ended otherwise"
equal '' "$(find . -mindepth 1 | head -3)" 'left behind'
