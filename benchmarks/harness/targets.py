"""What is aimed at: a contender's median rate as a ratio to another's, at least."""

METADATA = ["create", "stat", "list", "open+read", "unlink"]
SEQUENTIAL = [
    "write 1M", "write 128K", "direct write 1M", "direct write 128K",
    "read 1M", "read 128K", "cached read 128K", "direct read 1M", "direct read 128K",
]
BUFFERED = ["write 1M", "write 128K", "read 1M", "read 128K"]
RANDOM_READS = ["random read 4K", "random read 4K, 8 jobs"]
SYNCED = ["overwrite 4K + fsync", "overwrite 4K + fsync, 8 jobs"]
STORMS = ["untar", "rm -rf", "git status, first", "git status", "package storm"]

START_MILLIS = 250
IDLE_HEAP_MIB = 64
GROWTH_AT_MOST = 1.5
STALL_MILLIS = 50


def all_targets():
    """(work, contender, reference, least ratio)."""
    for work in METADATA:
        yield work, "memory", "ceiling", 0.95
        yield work, "block", "ceiling", 0.85
    for work in SEQUENTIAL:
        yield work, "memory", "ceiling", 0.95
    for work in BUFFERED:
        yield work, "block", "ext4-loop", 0.85
    yield "cached read 128K", "block", "ceiling", 0.9
    for work in RANDOM_READS:
        yield work, "memory", "ceiling", 0.85
        yield work, "block", "memory", 0.85
    for work in SYNCED:
        yield work, "block", "ext4-loop", 1.0
    for work in STORMS:
        yield work, "block", "fuse2fs", 3.0
        yield work, "block", "gocryptfs", 2.0
