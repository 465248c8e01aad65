# The living image: 100,000 objects, shell tools over all of them, a commit visible at once, history, one snapshot.
"$TELOSFS" image put "$STORE" 'first={"count": 1, "name": "apple"}' 'second={"friend": null, "list": [1, 2.5, "x"]}'
equal 1 "$(jq .slots.count "$IMAGE/roots/first/state.json")" 'a slot in state.json'
for count in 2 3 4 5 6 7 8 9 10; do
  "$TELOSFS" image put "$STORE" "first={\"count\": $count, \"name\": \"apple\"}"
  equal $count "$(jq .slots.count "$IMAGE/roots/first/state.json")" 'the newest committed state, by cat'
  equal $count "$(cat "$IMAGE/roots/first/slots/count")" 'the newest committed slot'
done
"$TELOSFS" image get "$STORE" first | jq -e '.count == 10 and .name == "apple"'
equal 10 "$(ls "$IMAGE/roots/first/history" | wc -l)" 'revisions in history/'
oldest=$(ls "$IMAGE/roots/first/history" | head -1)
equal 1 "$(jq .slots.count "$IMAGE/roots/first/history/$oldest/state.json")" 'the oldest revision'
! touch "$IMAGE/new" 2>/dev/null || fail 'the image accepted a file'
! rm "$IMAGE/README" 2>/dev/null || fail 'the image removed a file'
[ "$(wc -c <"$IMAGE/README")" = "$(stat -c %s "$IMAGE/README")" ] || fail 'stat tells another size than read'
object=$IMAGE/roots/first
for file in state.json raw tid size; do
  [ "$(cat "$object/$file" | wc -c)" = "$(stat -L -c %s "$object/$file")" ] || fail "stat of $file tells another size than read"
done

head -c 20000000 /dev/urandom >"$OUTSIDE/large"
"$TELOSFS" image put "$STORE" first --blob "$OUTSIDE/large"
equal 10 "$(jq .slots.count "$object/state.json")" 'the state beside a new blob'
equal 20000000 "$(stat -L -c %s "$object/blob")" 'size of a blob'
cmp "$OUTSIDE/large" "$object/blob" || fail 'a blob is not what was put'
"$TELOSFS" image put "$STORE" 'first={"count": 11}'
"$TELOSFS" image get "$STORE" first --blob "$OUTSIDE/again"
cmp "$OUTSIDE/large" "$OUTSIDE/again" || fail 'a blob that was got is not what was put'
! "$TELOSFS" image get "$STORE" first --blob "$OUTSIDE/again" 2>/dev/null || fail 'image get overwrote a file'
"$TELOSFS" image put "$STORE" 'first={"count": 10}'
equal 600 "$(stat -c %a "$STORE"/objects/blobs/*.blob)" 'mode of a blob'

seconds bash -c 'for batch in $(seq 10); do
  for n in $(seq 10000); do printf "%s\0" "object-$batch-$n={\"batch\": $batch, \"n\": $n, \"text\": \"some words\"}"; done |
    xargs -0 -n 10000 "$TELOSFS" image put "$STORE" >/dev/null
done'
figure "100,000 objects by 10 calls of image put: $took s"
equal 100002 "$(ls -U "$IMAGE/roots" | wc -l)" 'names in roots/'
seconds ls "$IMAGE/objects/2a"
figure "ls of a shard ($(ls -U "$IMAGE/objects/2a" | wc -l) objects): $took s"
seconds bash -c 'find "$IMAGE/objects" -name history -prune -o -name state.json -print0 | xargs -0 jq -c .slots.n | grep -c "^[0-9]" >"$OUTSIDE/counted"'
equal 100000 "$(cat "$OUTSIDE/counted")" 'objects found by find | xargs jq'
figure "find -name state.json | xargs jq over all objects: $took s"
seconds cat "$IMAGE/roots/object-7-5000/state.json"
figure "cat of one state: $took s"
newest=$("$TELOSFS" image log "$STORE" --json | jq -rs 'flatten | .[0].tid')
jq -e . "$IMAGE/transactions/$newest/meta.json"
remount
equal 5000 "$(jq .slots.n "$IMAGE/roots/object-7-5000/state.json")" 'a state after a remount'
kill_and_up
equal 10 "$(jq .slots.count "$IMAGE/roots/first/state.json")" 'a state after SIGKILL'
