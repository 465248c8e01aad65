"""What mount(8) changes on a mount that goes on; as root."""
import errno, os, shutil, subprocess

where = os.getcwd()


def remount(options):
    # -i: without it mount(8) looks for a helper of FUSE filesystems that are mounted by a command.
    return subprocess.run(["mount", "-i", "-o", "remount," + options, where]).returncode


def refused(number, call, *arguments):
    try:
        call(*arguments)
    except OSError as refusal:
        assert refusal.errno == number, refusal
    else:
        raise AssertionError("not refused")


open("file", "w").write("kept")
shutil.copy("/bin/true", "program")
with open("file", "a"):
    assert remount("ro") != 0, "a file is open for writing"
assert remount("ro") == 0
refused(errno.EROFS, open, "new", "w")
refused(errno.EROFS, os.unlink, "file")
assert open("file").read() == "kept"
assert remount("rw") == 0
open("new", "w").write("written")

assert remount("noexec") == 0
refused(errno.EACCES, os.execv, "program", ["program"])
assert remount("exec") == 0
assert subprocess.run(["./program"]).returncode == 0

os.mknod("null", 0o666 | 0o020000, os.makedev(1, 3))
assert remount("nodev") == 0
refused(errno.EACCES, open, "null", "w")
assert remount("dev") == 0
open("null", "w").write("x")
