# A socket for clients of other users: who has a capability works with the objects, who has none meets a refusal, and the
# socket that nobody opened is closed to others.
shared=$OUTSIDE/shared socket=$OUTSIDE/objects.socket
"$TELOSFS" init "$shared" --size 64M
refused 2 'go with --socket' "$TELOSFS" serve "$shared" --socket-mode 0666
echo precious >"$OUTSIDE/file"
refused 2 'is no socket' "$TELOSFS" serve "$shared" --socket "$OUTSIDE/file"
equal precious "$(cat "$OUTSIDE/file")" 'a file where the socket was wanted'
refused 2 'no mode' "$TELOSFS" serve "$shared" --socket "$socket" --socket-mode 0999
timeout 60 "$TELOSFS" serve "$shared" --socket "$socket" --socket-mode 0666 --background
trap '"$TELOSFS" umount "$shared" || true' EXIT
equal 666 "$(stat -c %a "$socket")" 'mode of the socket'
"$TELOSFS" cap grant "$shared" --rights read,write --out "$OUTSIDE/app.cap"
install -m 600 -o 65534 -g 65534 "$OUTSIDE/app.cap" "$OUTSIDE/theirs.cap"
echo telos1.AAAA >"$OUTSIDE/none.cap"
chmod 644 "$OUTSIDE/none.cap"
install -m 644 "$SOURCES/examples/python/telos_client.py" "$OUTSIDE/client.py"
somebody() { setpriv --reuid=65534 --regid=65534 --clear-groups env PATH=/usr/bin:/bin python3 -B "$OUTSIDE/client.py" "$@"; }
somebody "$socket" "$OUTSIDE/theirs.cap"
python3 "$SOURCES/examples/python/telos_client.py" "$shared/ipc/socket" "$OUTSIDE/app.cap"
! somebody "$socket" "$OUTSIDE/none.cap" 2>"$OUTSIDE/refusal" || fail 'who has no capability was admitted'
grep -q 'error 3' "$OUTSIDE/refusal" || fail "the refusal says: $(cat "$OUTSIDE/refusal")"
! somebody "$STORE/ipc/socket" "$OUTSIDE/theirs.cap" 2>"$OUTSIDE/refusal" || fail 'the private socket was open to another user'
grep -q 'Permission denied' "$OUTSIDE/refusal" || fail "the refusal says: $(cat "$OUTSIDE/refusal")"
grep -q 'admitted user 65534, process [1-9]' "$shared/capabilities/audit.log" || fail 'the audit log does not name the user'
"$TELOSFS" umount "$shared"
trap - EXIT
[ ! -e "$socket" ] || fail 'the socket was left behind'
