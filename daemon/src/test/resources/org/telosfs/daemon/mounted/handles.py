"""name_to_handle_at(2) and open_by_handle_at(2), after the kernel and the mount have forgotten.

handles.py DIR make|find|gone: makes files and keeps their handles in DIR, finds them again in a
later mount, and finds them gone.
"""
import ctypes, errno, os, sys

libc = ctypes.CDLL(None, use_errno=True)
AT_FDCWD, HANDLE_BYTES = -100, 128


def name_to_handle(path):
    handle = ctypes.create_string_buffer(8 + HANDLE_BYTES)
    handle[0:4] = HANDLE_BYTES.to_bytes(4, "little")
    mount = ctypes.c_int()
    if libc.name_to_handle_at(AT_FDCWD, path.encode(), handle, ctypes.byref(mount), 0) != 0:
        raise OSError(ctypes.get_errno(), "name_to_handle_at")
    return handle.raw


def open_by_handle(handle, flags=os.O_RDONLY):
    fd = libc.open_by_handle_at(mount, ctypes.create_string_buffer(handle), flags)
    if fd < 0:
        raise OSError(ctypes.get_errno(), "open_by_handle_at")
    return fd


def drop_caches():
    os.sync()
    with open("/proc/sys/vm/drop_caches", "w") as drop:
        drop.write("2")


def text(handle):
    with open(open_by_handle(handle)) as file:
        return file.read()


def gone(handle):
    try:
        open_by_handle(handle)
    except OSError as refusal:
        assert refusal.errno == errno.ESTALE, refusal
    else:
        raise AssertionError("still there")


kept = sys.argv[1]
mount = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
if sys.argv[2] == "make":
    os.makedirs("a/b/c")
    open("a/b/c/file", "w").write("found")
    for number, path in enumerate(["a/b/c/file", "a/b"]):
        open(kept + "/handle%d" % number, "wb").write(name_to_handle(path))
file, directory = (open(kept + "/handle%d" % number, "rb").read() for number in (0, 1))
if sys.argv[2] == "gone":
    gone(file)
else:
    for round in range(3):
        drop_caches()
        assert text(file) == "found"
        assert os.listdir(open_by_handle(directory, os.O_RDONLY | os.O_DIRECTORY)) == ["c"]
    os.rename("a/b/c/file", "moved")
    drop_caches()
    assert text(file) == "found"
    os.rename("moved", "a/b/c/file")
if sys.argv[2] == "find":
    held = open_by_handle(file)
    os.unlink("a/b/c/file")
    assert os.read(held, 10) == b"found"
    os.close(held)
    gone(file)
    drop_caches()
    gone(file)
    open("a/b/c/file", "w").write("another")
    gone(file)
