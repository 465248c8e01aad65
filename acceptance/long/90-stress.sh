# stress-ng's stressors of filesystems with --verify, those that its version has: each ends as it does on the host.
stressor_seconds=4
cd "$CASE_DIR"
chmod 777 .
ran=0 others=''
known=" $(stress-ng --stressors) "
for stressor in access aio aiol chattr chdir chmod chown copy-file dentry dir dirdeep dirmany dup dynlib fallocate fcntl fiemap \
  file-ioctl filename flock fpunch fsize fstat getdent handle hdd inode-flags inotify io iomix lease link locka lockf lockofd \
  metamix mincore mknod mmap mmapaddr mmapfixed mmapfork msync open readahead rename revio seek sendfile splice symlink \
  sync-file touch truncate utime verity xattr; do
  [[ $known == *" $stressor "* ]] || continue
  code=0
  timeout 120 stress-ng --"$stressor" 2 --timeout $stressor_seconds --verify --temp-path "$CASE_DIR" >"$OUTSIDE/log" 2>&1 || code=$?
  [ "$code" != 0 ] && { echo "--- $stressor"; tail -15 "$OUTSIDE/log"; }
  [ "$code" = 0 ] && ran=$((ran + 1)) || others+=" $stressor ($code)"
  outcome "$stressor $code"
done
figure "$ran stressors verified;${others:- none} ended otherwise"
# Where its time ends while a file is immutable, chattr leaves that: it is no fault of the filesystem.
chattr -R -i -a . 2>/dev/null || :
rm -rf ./tmp-stress-ng-chattr-*
equal '' "$(find . -mindepth 1 | head -3)" 'left behind'
