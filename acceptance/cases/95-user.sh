# An ordinary user brings both trees up without root, works in them, and ends it. In a mount namespace of its own, where
# /dev/fuse is open to users as a desktop has it, whatever this machine's is.
home=$WORK/user-home
install -d -o nobody -g nogroup -m 0700 "$home"
chmod 0755 "$WORK"
mknod -m 0666 "$WORK/fuse" c 10 229
cat >"$WORK/as-user.sh" <<'USER'
set -euo pipefail
cd "$HOME"
"$TELOSFS" up store --background
mkdir store/posix/d && echo hello >store/posix/d/f && ln -s f store/posix/d/link
[ "$(cat store/posix/d/link)" = hello ]
[ "$(stat -c %U store/posix/d/f)" = nobody ]
cp -r /usr/share/doc/base-files store/posix/ && diff -r /usr/share/doc/base-files store/posix/base-files
"$TELOSFS" image put store 'mine={"x": 1}'
grep -q '"x"' store/image/roots/mine/state.json
"$TELOSFS" umount store
! mountpoint -q store/posix
"$TELOSFS" up store --background
[ "$(cat store/posix/d/f)" = hello ]
"$TELOSFS" umount store
USER
unshare --mount --propagation private bash -euc "
  mount --bind '$WORK/fuse' /dev/fuse
  setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME='$home' TELOSFS='$TELOSFS' bash '$WORK/as-user.sh'"
rm -rf "$home" "$WORK/fuse"
