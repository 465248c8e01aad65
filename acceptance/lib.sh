# Verbs of the acceptance cases; sourced, with TELOSFS, STORE, POSIX, IMAGE and WORK set.

# Brings both trees up in the background; nothing to do if they are.
up() { mountpoint -q "$POSIX" && mountpoint -q "$IMAGE" && return 0; "$TELOSFS" up "$STORE" --background "$@"; }

# Ends the daemon as a user does and brings it up again.
remount() { "$TELOSFS" umount "$STORE" && ! mountpoint -q "$POSIX" && up; }

daemon_pid() { "$TELOSFS" status "$STORE" --json | jq -er .pid; }

# SIGKILL, and up again; the mount points are left dead in between, as after a crash.
kill_and_up() {
  local pid; pid=$(daemon_pid)
  kill -9 "$pid"
  tail --pid="$pid" -f /dev/null
  "$TELOSFS" up "$STORE" --background
}

# What a tree holds, one line a file: content and everything stat tells that a copy keeps.
listing() {
  (cd "$1" && find . -mindepth 1 -printf '%P %y %m %U %G %l %s-%T@\n' | sed -E 's/( d .*) [0-9]+-/\1 -/' | LC_ALL=C sort)
}
checksums() { (cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum); }

figure() { echo "figure: $*"; }
fail() { echo "FAILED: $*" >&2; return 1; }
equal() { [ "$1" = "$2" ] || fail "${3:-values}: expected '$1', got '$2'"; }

# seconds COMMAND...: runs it and leaves the seconds it took, with two decimals, in $took.
seconds() {
  local from; from=$(date +%s%N)
  "$@"
  took=$(awk -v n=$(($(date +%s%N) - from)) 'BEGIN {printf "%.2f", n / 1e9}')
}

# refused CODE TEXT COMMAND...: the command must end with CODE, print one line on stderr that contains TEXT, and
# show no stack trace.
refused() {
  local code=$1 text=$2 got=0; shift 2
  "$@" >"$WORK/refused.out" 2>"$WORK/refused.err" </dev/null || got=$?
  cat "$WORK/refused.err"
  equal "$code" "$got" "exit code of: $*"
  equal 1 "$(wc -l <"$WORK/refused.err")" "lines on stderr of: $*"
  grep -qF -- "$text" "$WORK/refused.err" || fail "stderr of '$*' does not name '$text'"
  ! grep -qE '^\s+at |Exception' "$WORK/refused.err" || fail "stack trace from: $*"
}

# What a long case comes to; must be the same on every filesystem.
outcome() { echo "outcome: $*"; }
