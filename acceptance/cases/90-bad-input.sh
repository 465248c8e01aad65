# Every refusal: a documented exit code, one line that names the path, no stack trace, nothing on disk changed.
bad=$OUTSIDE
unchanged() { equal "$1" "$(fingerprint "$2")" "content of $2 after a refusal"; }
fingerprint() { (cd "$1" && find . -not -path './run*' -not -name telosfs.log -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum | sha256sum); }
copy() { rm -rf "$bad/$1"; cp -a --sparse=always "$bad/good" "$bad/$1"; }

refused 2 '--bogus' "$TELOSFS" up --bogus
refused 2 'frobnicate' "$TELOSFS" frobnicate
refused 2 'STORE' "$TELOSFS" init
refused 2 'size' "$TELOSFS" init "$bad/x" --size 12parsecs

"$TELOSFS" init "$bad/good" --size 256M
"$TELOSFS" image put "$bad/good" 'a={"x": 1}'
"$TELOSFS" check "$bad/good"
refused 3 "$bad/good" "$TELOSFS" init "$bad/good"
refused 3 "$bad/none" "$TELOSFS" mount "$bad/none"
mkdir "$bad/empty"; refused 3 "$bad/empty" "$TELOSFS" mount "$bad/empty"

volume=$(cd "$bad/good" && ls volume*)
copy foreign; head -c 1048576 /dev/urandom | dd of="$bad/foreign/$volume" conv=notrunc status=none
before=$(fingerprint "$bad/foreign"); refused 4 "$bad/foreign" "$TELOSFS" mount "$bad/foreign"; unchanged "$before" "$bad/foreign"
copy short; truncate -s 1M "$bad/short/$volume"
before=$(fingerprint "$bad/short"); refused 4 "$bad/short" "$TELOSFS" mount "$bad/short"; unchanged "$before" "$bad/short"
copy void; truncate -s 0 "$bad/void/$volume"
before=$(fingerprint "$bad/void"); refused 4 "$bad/void" "$TELOSFS" mount "$bad/void"; unchanged "$before" "$bad/void"

refused 5 "$STORE" "$TELOSFS" mount "$STORE"
refused 5 "$STORE" "$TELOSFS" check "$STORE" || "$TELOSFS" check "$STORE"

refused 6 "$bad/nowhere" "$TELOSFS" mount --memory "$bad/nowhere"
touch "$bad/file"; refused 6 "$bad/file" "$TELOSFS" mount --memory "$bad/file"
mkdir "$bad/full"; touch "$bad/full/file"; refused 6 "$bad/full" "$TELOSFS" mount --memory "$bad/full"
refused 6 "$POSIX" "$TELOSFS" mount --memory "$POSIX"
before=$(fingerprint "$bad/good")
refused 6 "$bad/nowhere" "$TELOSFS" mount "$bad/good" --posix "$bad/nowhere"
unchanged "$before" "$bad/good"

refused 1 nothing "$TELOSFS" image get "$STORE" nothing
refused 2 'a={' "$TELOSFS" image put "$STORE" 'a={'
refused 3 "$bad/empty" "$TELOSFS" umount "$bad/empty"

# A full disk under the store: init and mount say so.
mkdir "$bad/small"; mount -t tmpfs -o size=1m tmpfs "$bad/small"
head -c 900K /dev/zero >"$bad/small/filler"
code=0; "$TELOSFS" init "$bad/small/store" >/dev/null 2>"$bad/full.err" || code=$?
umount "$bad/small"
cat "$bad/full.err"; [ $code != 0 ] || fail 'init on a full disk succeeded'
equal 1 "$(wc -l <"$bad/full.err")" 'lines on stderr of init on a full disk'
