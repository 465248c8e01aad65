# The object store's socket: a client in Python written from docs/protocols/ipc.md, beside the mounted image; capabilities
# granted, weakened, shown and revoked.
socket=$STORE/ipc/socket
"$TELOSFS" cap grant "$STORE" --rights read,write --label 'a client in Python' --out "$OUTSIDE/app.cap"
equal 600 "$(stat -c %a "$OUTSIDE/app.cap")" 'mode of a capability'
python3 "$SOURCES/examples/python/telos_client.py" "$socket" "$OUTSIDE/app.cap"
equal 3000001 "$(stat -L -c %s "$IMAGE/roots/python-blob/blob")" 'size of the blob that the client wrote'
equal 3000001 "$(wc -c <"$IMAGE/roots/python-blob/blob")" 'bytes of the blob that the client wrote'
equal 'first wins' "$(cat "$IMAGE/roots/python/raw")" 'what the client committed, in the image'
"$TELOSFS" cap attenuate --in "$OUTSIDE/app.cap" --out "$OUTSIDE/guest.cap" --rights read --expires PT1H
! python3 "$SOURCES/examples/python/telos_client.py" "$socket" "$OUTSIDE/guest.cap" >"$OUTSIDE/refused" 2>&1 || fail 'who may only read took new ids'
grep -q 'error 16' "$OUTSIDE/refused" || fail "the refusal says: $(cat "$OUTSIDE/refused")"
id=$("$TELOSFS" cap list "$STORE" --json | jq -r '.[0].id')
"$TELOSFS" cap show "$STORE" "$id" --json | jq -e '.valid and .used.objects == 4 and .used.bytes > 3000001'
! "$TELOSFS" cap grant "$STORE" --out "$OUTSIDE/app.cap" || fail 'a capability was overwritten'
"$TELOSFS" cap revoke "$STORE" "$id"
! python3 "$SOURCES/examples/python/telos_client.py" "$socket" "$OUTSIDE/app.cap" 2>"$OUTSIDE/void" || fail 'a revoked capability was admitted'
grep -q 'error 3' "$OUTSIDE/void" || fail "the refusal says: $(cat "$OUTSIDE/void")"
grep -q "admitted user 0, process [1-9]" "$STORE/capabilities/audit.log" || fail 'no process in the audit log'
! grep -q "$(cut -c8-30 "$OUTSIDE/app.cap")" "$STORE"/capabilities/* "$STORE/telosfs.log" || fail 'a capability lies in a file of the store'
