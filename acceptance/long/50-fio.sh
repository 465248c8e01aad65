# fio writes at random and reads everything back with its checksums, buffered, direct, mapped and asynchronous.
size=192m
cd "$CASE_DIR"
verify() { # verify NAME OPTION...
  local name=$1; shift
  fio --name="$name" --directory="$CASE_DIR" --size=$size --verify=crc32c --verify_fatal=1 --do_verify=1 --randseed=7 \
    --group_reporting --output-format=json "$@" >"$OUTSIDE/$name.json"
  equal 0 "$(jq '[.jobs[].error] | add' "$OUTSIDE/$name.json")" "errors of $name"
  figure "$name: $(jq -r '[.jobs[] | (.write.bw / 1024 | floor)] | add' "$OUTSIDE/$name.json") MiB/s written"
  outcome "$name $(jq -r '[.jobs[] | .write.io_bytes, .read.io_bytes] | join(" ")' "$OUTSIDE/$name.json")"
  rm -f "$CASE_DIR/$name".*
}
verify buffered --rw=randwrite --bsrange=512-64k --ioengine=psync --numjobs=2
verify fsynced --rw=randwrite --bs=4k --ioengine=psync --fsync=32 --io_size=24m
verify direct --rw=randwrite --bs=4k --direct=1 --ioengine=psync --io_size=96m
verify asynchronous --rw=randwrite --bs=16k --direct=1 --ioengine=libaio --iodepth=16
# Not every host lets io_uring be used, and none lets one filesystem use it and another not.
! fio --name=probe --ioengine=io_uring --rw=write --size=4k --filename="$OUTSIDE/probe" >/dev/null 2>&1 ||
  verify ring --rw=randwrite --bsrange=4k-64k --ioengine=io_uring --iodepth=16
verify mapped --rw=randwrite --bs=4k --ioengine=mmap --io_size=96m
verify mixed --rw=randrw --bs=8k --ioengine=psync --fallocate=none
verify allocated --rw=randwrite --bs=32k --ioengine=psync --fallocate=posix
