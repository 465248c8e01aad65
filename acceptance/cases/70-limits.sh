# 200,000 names in one directory, a 20 GiB sparse file, the longest names and paths, names that are no UTF-8.
cd "$CASE_DIR"
mkdir many
seconds perl -e 'for (1..200000) { open my $f, ">", sprintf("many/name%06d", $_) or die "create $_: $!"; }'
figure "create 200,000 files in one directory: $took s"
seconds sh -c 'ls -f many | wc -l >listed'
equal 200002 "$(cat listed)" 'names listed, with . and ..'
figure "list them: $took s"
equal 200000 "$(ls -U many | LC_ALL=C sort -u | wc -l)" 'different names'
seconds perl -e 'for (1..200000) { lstat sprintf("many/name%06d", $_) or die "stat $_: $!"; }'
figure "stat them: $took s"
cd "$WORK"; remount; cd "$CASE_DIR"
equal 200000 "$(ls -U many | wc -l)" 'names after a remount'
seconds perl -e 'for (1..200000) { unlink sprintf("many/name%06d", $_) or die "unlink $_: $!"; }'
figure "unlink them: $took s"
rmdir many

truncate -s 20G sparse
printf end | dd of=sparse bs=1 seek=$((20 * 1024 * 1024 * 1024 - 3)) conv=notrunc status=none
printf middle | dd of=sparse bs=1 seek=$((11 * 1024 * 1024 * 1024 + 1)) conv=notrunc status=none
equal $((20 * 1024 * 1024 * 1024)) "$(stat -c %s sparse)" 'size of the sparse file'
[ "$(stat -c %b sparse)" -le 64 ] || fail "the sparse file takes $(stat -c %b sparse) blocks"
equal end "$(tail -c 3 sparse)" 'its end'
equal middle "$(dd if=sparse bs=1 skip=$((11 * 1024 * 1024 * 1024 + 1)) count=6 status=none)" 'its middle'
equal 0 "$(head -c 1048576 sparse | tr -d '\0' | wc -c)" 'its hole'

longest=$(printf 'n%.0s' $(seq 255))
echo long >"$longest"
equal long "$(cat "$longest")" 'the longest name'
! touch "${longest}n" 2>/dev/null || fail 'a name of 256 bytes was accepted'
odd=$(printf 'caf\351-\377\001')
echo odd >"$odd"
equal odd "$(cat "$odd")" 'a name that is no UTF-8'
equal "$odd" "$(ls -A | LC_ALL=C grep -a caf)" 'that name in a listing'

perl -e '
  my $root = shift;
  chdir $root or die; my $length = length $root;
  # A path of exactly 4,095 bytes: PATH_MAX less the NUL.
  while (4095 - $length > 256) { my $name = "p" x 199; mkdir $name or die "mkdir: $!"; chdir $name or die; $length += 200; }
  my $last = "q" x (4095 - $length - 1);
  open my $f, ">", $last or die "create: $!"; print $f "deep"; close $f;
' "$CASE_DIR"
path=$CASE_DIR
while [ $((4095 - ${#path})) -gt 256 ]; do path=$path/$(printf 'p%.0s' $(seq 199)); done
path=$path/$(printf 'q%.0s' $(seq $((4095 - ${#path} - 1))))
equal 4095 ${#path} 'length of the path'
equal deep "$(cat "$path")" 'the file at a path of 4,095 bytes'
cd "$WORK"; remount
equal deep "$(cat "$path")" 'the same after a remount'
equal odd "$(cat "$CASE_DIR/$odd")" 'the odd name after a remount'
