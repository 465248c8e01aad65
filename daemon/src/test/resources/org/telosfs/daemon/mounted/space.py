"""df tells the truth: what is written counts at once, and what is removed comes back."""
import errno, os

BLOCK, MIB = 4096, 1 << 20


def free():
    return os.statvfs(".").f_bfree * BLOCK


os.sync()
before = free()
files = os.statvfs(".").f_ffree
fd = os.open("written", os.O_WRONLY | os.O_CREAT)
for part in range(32):
    os.write(fd, bytes([part + 1]) * MIB)
    taken = before - free()
    assert taken >= part * MIB, (part, taken)
os.close(fd)
for number in range(1000):
    open("small%d" % number, "w").write("x")
assert before - free() >= 32 * MIB + 1000 * BLOCK
assert os.statvfs(".").f_ffree < files

written = 0
try:
    with open("filler", "wb", buffering=0) as filler:
        while True:
            written += filler.write(b"f" * MIB)
except OSError as full:
    assert full.errno == errno.ENOSPC, full
assert os.statvfs(".").f_bavail * 50 <= os.statvfs(".").f_blocks, os.statvfs(".")
assert written >= (before - 40 * MIB) * 15 // 16, (written, before)

for name in os.listdir("."):
    os.unlink(name)
os.sync()
assert free() >= before - MIB, (before, free())
