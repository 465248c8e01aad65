"""The largest file and the most links."""
import errno, os, resource, signal

LARGEST = 2**63 - 1


def refused(numbers, call, *arguments):
    try:
        call(*arguments)
    except OSError as refusal:
        assert refusal.errno in numbers, refusal
    else:
        raise AssertionError("not refused")


fd = os.open("big", os.O_RDWR | os.O_CREAT)
os.ftruncate(fd, LARGEST)
assert os.fstat(fd).st_size == LARGEST
assert os.pread(fd, 1, LARGEST - 1) == b"\0"
assert os.pwrite(fd, b"x", LARGEST - 1) == 1
assert os.pwrite(fd, b"yz", LARGEST - 2) == 2
refused((errno.EFBIG, errno.EINVAL), os.pwrite, fd, b"x", LARGEST)
assert os.pread(fd, 3, LARGEST - 3) == b"\0yz"
assert os.lseek(fd, 0, os.SEEK_DATA) == LARGEST & -4096
assert os.lseek(fd, LARGEST - 1, os.SEEK_HOLE) == LARGEST
assert os.lseek(fd, 0, os.SEEK_END) == LARGEST
for way in os.SEEK_CUR, os.SEEK_END:
    refused((errno.EOVERFLOW, errno.EINVAL), os.lseek, fd, 1, way)
refused((errno.EINVAL,), os.ftruncate, fd, -1)
os.fsync(fd)
os.posix_fallocate(fd, LARGEST - 4096, 4096)
refused((errno.EFBIG,), os.posix_fallocate, fd, LARGEST - 1, 2)
refused((errno.EINVAL,), os.posix_fallocate, fd, 0, 0)
assert os.pread(fd, 3, LARGEST - 3) == b"\0yz"
os.ftruncate(fd, 0)
assert os.fstat(fd).st_blocks == 0

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100000, resource.RLIM_INFINITY))
assert os.pwrite(fd, bytes(20), 99990) == 10
refused((errno.EFBIG,), os.pwrite, fd, b"x", 100000)
refused((errno.EFBIG,), os.ftruncate, fd, 100001)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
os.close(fd)

os.mkdir("links")
for number in range(64999):
    os.link("big", "links/%d" % number)
assert os.stat("big").st_nlink == 65000
refused((errno.EMLINK,), os.link, "big", "links/more")
os.unlink("links/0")
os.link("big", "links/more")
