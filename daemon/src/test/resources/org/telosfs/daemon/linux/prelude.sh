# Before each of these scripts. They tell what happens, in lines that are the same on every filesystem
# that does it as Linux has it; they are run by root in an empty directory, here and on another one.
export LC_ALL=C
umask 022
chmod 755 .

# as UID:GID COMMAND...
as() {
  local ids=$1
  shift
  setpriv --reuid="${ids%%:*}" --regid="${ids#*:}" --clear-groups "$@"
}

# Shows the command, what it says, and how it ends.
tell() {
  echo "\$ $*"
  "$@" 2>&1
  local code=$?
  [ $code = 0 ] || echo "exit $code"
}

# The access control lists and the mode of one file.
acl() {
  getfacl -nE "$1" 2>&1 | grep -v '^$'
  stat -c 'mode %a' "$1"
}

