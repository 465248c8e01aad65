# What an operator asks of the objects: who refers to whom, what takes the space, what was committed; and objects that go
# from one store to another.
T=$TELOSFS
"$T" image put "$STORE" 'leaf={"colour": "green"}' 'tree={"height": 12}'
first=$("$T" image log "$STORE" --json | jq -r '.[0].tid')
leaf=$("$T" image ls "$STORE" --json | jq -r '.[] | select(.name == "leaf").oid')
"$T" image put "$STORE" "tree={\"height\": 13, \"leaf\": {\"\$ref\": \"$leaf\"}}"
tree=$("$T" image ls "$STORE" --json | jq -r '.[] | select(.name == "tree").oid')
equal "$tree" "$("$T" image refs "$STORE" leaf --json | jq -r '.referredToBy[]')" 'what refers to the leaf'
equal "$leaf" "$("$T" image refs "$STORE" tree --json | jq -r '.refersTo[]')" 'what the tree refers to'
"$T" image space "$STORE"
"$T" image space "$STORE" --json | jq -e '.objects >= 2 and (.roots | map(select(.name == "tree")) | length == 1)'
equal '12 13' "$("$T" image dump "$STORE" --json | jq '.changes[] | select(.oid == "'"$tree"'").state.height' | xargs)" 'the heights in a dump of everything'
equal 1 "$("$T" image tail "$STORE" -n 1 | wc -l)" 'lines of tail -n 1'

# Followed as they come
"$T" image tail "$STORE" -n 0 --follow --json >"$OUTSIDE/tail" &
follower=$!
"$T" image put "$STORE" 'late={"x": 1}'
for _ in $(seq 100); do [ -s "$OUTSIDE/tail" ] && break; sleep 0.1; done
kill "$follower"
late=$("$T" image ls "$STORE" --json | jq -r '.[] | select(.name == "late").oid')
jq -e --arg late "$late" '.objects | index($late) != null' "$OUTSIDE/tail"

# Out of the store and into it again, beside what is there
"$T" image export "$STORE" "$OUTSIDE/tree.telosfs" tree
! "$T" image export "$STORE" "$OUTSIDE/tree.telosfs" tree 2>"$OUTSIDE/refused" || fail 'an export was overwritten'
grep -q 'exists' "$OUTSIDE/refused" || fail "the refusal says: $(cat "$OUTSIDE/refused")"
! "$T" image import "$STORE" "$OUTSIDE/tree.telosfs" 2>"$OUTSIDE/refused" || fail 'a name was replaced'
grep -q -- "'leaf' already; import with a prefix" "$OUTSIDE/refused" || fail "the refusal says: $(cat "$OUTSIDE/refused")"
"$T" image import "$STORE" "$OUTSIDE/tree.telosfs" --prefix copy-
equal 13 "$(cat "$IMAGE/roots/copy-tree/slots/height")" 'the height of the copy'
copy=$("$T" image refs "$STORE" copy-leaf --json | jq -r .oid)
equal "$copy" "$("$T" image refs "$STORE" copy-tree --json | jq -r '.refersTo[]')" 'what the copy refers to'
"$T" image export "$STORE" "$OUTSIDE/first.telosfs" tree --at "$first"
"$T" image import "$STORE" "$OUTSIDE/first.telosfs" --prefix first-
equal 12 "$(cat "$IMAGE/roots/first-tree/slots/height")" 'the height as it was'
printf 'x' | dd of="$OUTSIDE/tree.telosfs" bs=1 seek=60 conv=notrunc status=none
! "$T" image import "$STORE" "$OUTSIDE/tree.telosfs" --prefix bad- 2>"$OUTSIDE/refused" || fail 'a damaged export was imported'
grep -q 'damaged' "$OUTSIDE/refused" || fail "the refusal says: $(cat "$OUTSIDE/refused")"
