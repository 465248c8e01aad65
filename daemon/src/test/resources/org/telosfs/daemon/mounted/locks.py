"""flock(2), fcntl(2) and open file description locks."""
import errno, fcntl, os, signal, struct, threading, time

OFD_SETLK, OFD_SETLKW = 37, 38
WAITERS = 1000


def lock(fd, kind, command=fcntl.F_SETLK, start=0, length=0):
    fcntl.fcntl(fd, command, struct.pack("hhqqi4x", kind, os.SEEK_SET, start, length, 0))


def refused(numbers, call, *arguments, **more):
    try:
        call(*arguments, **more)
    except OSError as refusal:
        assert refusal.errno in numbers, refusal
    else:
        raise AssertionError("not refused")


def opened():
    return os.open("file", os.O_RDWR | os.O_CREAT)


def child(body):
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            body()
            code = 0
        finally:
            os._exit(code)
    return pid


def succeeds(pid):
    assert os.waitpid(pid, 0)[1] == 0


def until(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "nothing happens"
        time.sleep(0.01)


def blocked(inode):
    lines = open("/proc/locks").read().splitlines()
    return sum(1 for line in lines if "->" in line and (":%d " % inode) in line)


inode = os.fstat(opened()).st_ino

# A thousand wait for a lock; the mount serves on; then each gets it.
first = opened()
fcntl.flock(first, fcntl.LOCK_EX)
threading.stack_size(256 << 10)


def wait_in_line():
    fd = opened()
    fcntl.flock(fd, fcntl.LOCK_EX)
    os.close(fd)


waiters = [threading.Thread(target=wait_in_line) for number in range(WAITERS)]
for waiter in waiters:
    waiter.start()
until(lambda: blocked(inode) == WAITERS)
for number in range(100):
    open("served%d" % number, "w").write("served")
    assert open("served%d" % number).read() == "served"
refused((errno.EAGAIN,), fcntl.flock, opened(), fcntl.LOCK_EX | fcntl.LOCK_NB)
fcntl.flock(first, fcntl.LOCK_UN)
for waiter in waiters:
    waiter.join()

# Record locks of two processes that wait for each other.
ready, go = os.pipe(), os.pipe()
fd = opened()
lock(fd, fcntl.F_WRLCK, start=0, length=10)


def other():
    mine = opened()
    lock(mine, fcntl.F_WRLCK, start=10, length=10)
    os.write(ready[1], b"x")
    lock(mine, fcntl.F_WRLCK, fcntl.F_SETLKW, 0, 10)


pid = child(other)
os.read(ready[0], 1)
until(lambda: blocked(inode) == 1)
refused((errno.EDEADLK,), lock, fd, fcntl.F_WRLCK, fcntl.F_SETLKW, 10, 10)
lock(fd, fcntl.F_UNLCK)
succeeds(pid)

# A signal ends the wait.
lock(fd, fcntl.F_WRLCK)


class Rung(Exception):
    pass


def interrupted():
    def ring(number, frame):
        raise Rung()

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        lock(opened(), fcntl.F_WRLCK, fcntl.F_SETLKW)
    except Rung:
        return
    raise AssertionError("not interrupted")


succeeds(child(interrupted))

# A process that dies leaves no lock; one that closes any descriptor of the file loses its own.
lock(fd, fcntl.F_UNLCK)


def dies():
    mine = opened()
    lock(mine, fcntl.F_WRLCK)
    fcntl.flock(mine, fcntl.LOCK_EX)
    os.write(ready[1], b"x")
    signal.pause()


pid = child(dies)
os.read(ready[0], 1)
refused((errno.EAGAIN, errno.EACCES), lock, fd, fcntl.F_WRLCK)
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
lock(fd, fcntl.F_WRLCK)
fcntl.flock(fd, fcntl.LOCK_EX)
fcntl.flock(fd, fcntl.LOCK_UN)
os.close(opened())


def takes():
    lock(opened(), fcntl.F_WRLCK)


succeeds(child(takes))

# Locks of open file descriptions: between descriptors of one process, kept over a close of another.
one, two = opened(), opened()
lock(one, fcntl.F_WRLCK, OFD_SETLK)
refused((errno.EAGAIN, errno.EACCES), lock, two, fcntl.F_RDLCK, OFD_SETLK)
os.close(opened())
refused((errno.EAGAIN, errno.EACCES), lock, two, fcntl.F_RDLCK, OFD_SETLK)
copy = os.dup(one)
os.close(one)
refused((errno.EAGAIN, errno.EACCES), lock, two, fcntl.F_RDLCK, OFD_SETLK)
os.close(copy)
lock(two, fcntl.F_RDLCK, OFD_SETLK)
