"""Access times; atime.py relatime|strict|none, as the mount has it."""
import os, sys, time

mode = sys.argv[1]
PAST = 1000000000


def atime(path):
    return os.stat(path, follow_symlinks=False).st_atime_ns


def moved(path, read, wanted):
    """Whether reading moves the access time, once what was changed before has settled."""
    end = time.monotonic() + 10
    before = atime(path)
    while True:
        read()
        after = os.stat(path, follow_symlinks=False)
        if (after.st_atime_ns != before) or not wanted or time.monotonic() > end:
            break
        time.sleep(0.05)
    assert (after.st_atime_ns != before) == wanted, (path, wanted, before, after)


def unmoved_others(path, read):
    before = os.stat(path, follow_symlinks=False)
    read()
    after = os.stat(path, follow_symlinks=False)
    assert (before.st_mtime_ns, before.st_ctime_ns) == (after.st_mtime_ns, after.st_ctime_ns)


def text(path="file"):
    with open(path, "rb") as file:
        file.read()


def tail():
    with open("big", "rb") as file:
        file.seek(-10, os.SEEK_END)
        file.read()


open("file", "w").write("content")
open("big", "wb").write(bytes(10 << 20))
os.mkdir("directory")
os.symlink("target", "link")
first, again = mode != "none", mode == "strict"
for path, read in (
    ("file", text),
    ("big", lambda: text("big")),
    ("directory", lambda: os.listdir("directory")),
    ("link", lambda: os.readlink("link")),
):
    moved(path, read, first)
    unmoved_others(path, read)
    if path != "link":
        moved(path, read, again)

open("file", "a").write("more")
moved("file", text, first)
moved("file", text, again)
open("big", "ab").write(b"more")
moved("big", tail, first)

os.utime("file", (PAST, PAST))
assert atime("file") == PAST * 10**9
moved("file", text, first)
os.utime("file", (PAST, os.stat("file").st_mtime))
moved("file", text, first)
