# An ordinary user brings both trees up without root, works in them, and ends it.
home=$WORK/user-home
install -d -o nobody -g nogroup -m 0700 "$home"
chmod 0755 "$WORK"
as_user() { setpriv --reuid=nobody --regid=nogroup --clear-groups env -i HOME="$home" PATH="$PATH" bash -euc "cd $home; $1"; }
as_user "'$TELOSFS' up store --size 1G --background" || as_user "'$TELOSFS' up store --background"
as_user "cp -r /usr/share/perl5 store/posix/perl5 2>/dev/null || cp -r /usr/share/doc/base-files store/posix/; ls -l store/posix; cat store/image/README | head -3"
as_user "ln -s x store/posix/link && mkdir store/posix/d && echo hello >store/posix/d/f && cat store/posix/d/f"
equal nobody "$(as_user 'stat -c %U store/posix/d/f')" 'owner of a file made by a user'
! ls "$home/store/posix" >/dev/null 2>&1 || echo 'root can see the mount'
as_user "'$TELOSFS' umount store"
as_user "'$TELOSFS' up store --background; cat store/posix/d/f; '$TELOSFS' umount store"
rm -rf "$home"
