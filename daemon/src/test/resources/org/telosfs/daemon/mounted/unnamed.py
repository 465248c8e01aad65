"""O_TMPFILE, linkat(2) of what it makes, and whiteouts."""
import ctypes, errno, os, stat

libc = ctypes.CDLL(None, use_errno=True)
AT_FDCWD, AT_SYMLINK_FOLLOW, AT_EMPTY_PATH = -100, 0x400, 0x1000
NOREPLACE, WHITEOUT = 1, 4


def linkat(fd, old, new, flags):
    if libc.linkat(fd, old, AT_FDCWD, new, flags) != 0:
        raise OSError(ctypes.get_errno(), "linkat")


def renameat2(old, new, flags):
    if libc.renameat2(AT_FDCWD, old, AT_FDCWD, new, flags) != 0:
        raise OSError(ctypes.get_errno(), "renameat2")


def refused(number, call, *arguments):
    try:
        call(*arguments)
    except OSError as refusal:
        assert refusal.errno == number, refusal
    else:
        raise AssertionError("not refused")


os.umask(0o027)
fd = os.open(".", os.O_TMPFILE | os.O_RDWR, 0o666)
made = os.fstat(fd)
assert stat.S_ISREG(made.st_mode) and made.st_nlink == 0
assert stat.S_IMODE(made.st_mode) == 0o640, oct(made.st_mode)
os.write(fd, b"x" * 1000000)
assert os.listdir(".") == []
os.fsync(fd)
linkat(AT_FDCWD, b"/proc/self/fd/%d" % fd, b"through-proc", AT_SYMLINK_FOLLOW)
assert os.fstat(fd).st_nlink == 1
linkat(fd, b"", b"again", AT_EMPTY_PATH)
assert os.stat("again").st_nlink == 2
refused(errno.EEXIST, linkat, fd, b"", b"again", AT_EMPTY_PATH)
os.close(fd)
assert open("through-proc", "rb").read() == b"x" * 1000000

fd = os.open(".", os.O_TMPFILE | os.O_WRONLY, 0o600)
linkat(fd, b"", b"once", AT_EMPTY_PATH)
os.unlink("once")
refused(errno.ENOENT, linkat, fd, b"", b"twice", AT_EMPTY_PATH)
os.close(fd)

fd = os.open(".", os.O_TMPFILE | os.O_RDWR | os.O_EXCL, 0o600)
os.write(fd, b"never named")
assert os.pread(fd, 100, 0) == b"never named"
refused(errno.ENOENT, linkat, fd, b"", b"excluded", AT_EMPTY_PATH)
os.close(fd)

os.mkdir("group")
os.chown("group", 0, 1234)
os.chmod("group", 0o2775)
fd = os.open("group", os.O_TMPFILE | os.O_RDWR, 0o600)
assert os.fstat(fd).st_gid == 1234
os.close(fd)
refused(errno.ENOTDIR, os.open, "again", os.O_TMPFILE | os.O_RDWR)

free = os.statvfs(".").f_bfree
for i in range(200):
    os.close(os.open(".", os.O_TMPFILE | os.O_RDWR, 0o600))
fd = os.open(".", os.O_TMPFILE | os.O_RDWR, 0o600)
os.write(fd, b"y" * (8 << 20))
assert os.statvfs(".").f_bfree <= free - 2000
os.close(fd)
os.sync()

open("lower", "w").write("moved")
renameat2(b"lower", b"upper", WHITEOUT)
left = os.stat("lower")
assert stat.S_ISCHR(left.st_mode) and left.st_rdev == 0 and stat.S_IMODE(left.st_mode) == 0
assert open("upper").read() == "moved"
refused(errno.EEXIST, renameat2, b"upper", b"lower", WHITEOUT | NOREPLACE)
renameat2(b"upper", b"top", WHITEOUT | NOREPLACE)
assert stat.S_ISCHR(os.stat("upper").st_mode)
refused(errno.EINVAL, renameat2, b"top", b"upper", WHITEOUT | 2)
renameat2(b"top", b"lower", WHITEOUT)
assert open("lower").read() == "moved"
