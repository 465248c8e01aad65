# cp -a of /usr/share and of every JDK: the same after the copy, after SIGKILL following sync, and after a remount.
sources=(/usr/share)
for jdk in /usr/lib/jvm/*; do [ -L "$jdk" ] || sources+=("$jdk"); done

for source in "${sources[@]}"; do
  target=$CASE_DIR/$(basename "$source")
  seconds cp -a "$source" "$target"
  figure "cp -a $source: $(find "$source" | wc -l) names, $(du -sm "$source" | cut -f1) MiB, $took s"
  sync
done
kill_and_up
for source in "${sources[@]}"; do
  target=$CASE_DIR/$(basename "$source") name=$OUTSIDE/$(basename "$source")
  listing "$source" >"$name.listing"
  checksums "$source" >"$name.sums"
  diff "$name.listing" <(listing "$target") || fail "attributes differ after sync and SIGKILL: $source"
  diff "$name.sums" <(checksums "$target") || fail "content differs after sync and SIGKILL: $source"
done
remount
for source in "${sources[@]}"; do
  target=$CASE_DIR/$(basename "$source") name=$OUTSIDE/$(basename "$source")
  diff -r --no-dereference "$source" "$target" || fail "diff -r after a remount: $source"
  diff "$name.listing" <(listing "$target") || fail "attributes differ after a remount: $source"
  diff "$name.sums" <(checksums "$target") || fail "content differs after a remount: $source"
done
seconds rm -rf "$CASE_DIR"
figure "rm -rf of it all: $took s"
