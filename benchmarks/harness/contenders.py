"""What is measured: each contender mounts itself on a directory of its own and says who serves it."""
import shutil
import signal
import subprocess

from .programs import TELOSFS, Failed, is_mounted, lives, process_with, run, wait_until

VOLUME = "12G"


class Contender:
    """A filesystem mounted for the whole run. Peers sit out every other round, which halves what they cost."""

    name = ""
    packages = {}  # program -> the Debian package that has it
    peer = False
    exact = True  # takes every work, not only those that need no links, modes or renames
    only = None  # the one work it takes part in
    compiles = False  # runs on a JVM, so it is only itself after thousands of calls of each kind

    def __init__(self, home):
        self.home = home / self.name
        self.where = self.home / "mnt"
        self.pid = 0

    def open(self):
        missing = [package for program, package in self.packages.items() if shutil.which(program) is None]
        if missing:
            raise Failed(f"{self.name}: not installed; run: apt-get install {' '.join(missing)}")
        self.where.mkdir(parents=True)
        self.mount()
        wait_until(lambda: is_mounted(self.directory()), f"{self.name}: mounting")
        self.pid = self.server()

    def directory(self):
        """Where the works go."""
        return self.where

    def close(self):
        if is_mounted(self.directory()):
            run("umount", self.directory())
        if self.pid:
            wait_until(lambda: not lives(self.pid), f"{self.name}: the end of process {self.pid}", 60)
        shutil.rmtree(self.home, ignore_errors=True)

    def image(self, bytes_=12 << 30):
        path = self.home / "image"
        with open(path, "wb") as file:
            file.truncate(bytes_)
        return path

    def mount(self):
        raise NotImplementedError

    def server(self):
        return 0


class Ceiling(Contender):
    name = "ceiling"
    exact = False
    program = None  # where it was compiled to
    process = None

    def mount(self):
        self.process = subprocess.Popen([self.program, self.where], start_new_session=True)  # Ctrl-C is not for it

    def server(self):
        return self.process.pid

    def close(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)


class Memory(Contender):
    name = "memory"
    compiles = True

    def mount(self):
        run(TELOSFS, "mount", "--memory", self.where, "--background")

    def server(self):
        return process_with("--memory", self.where)


class Block(Contender):
    name = "block"
    compiles = True
    transport = "kernel"
    options = ()

    def mount(self):
        self.store = self.home / "store"
        run(TELOSFS, "init", self.store, "--size", VOLUME)
        run(TELOSFS, "mount", self.store, "--transport", self.transport, *self.options, "--background")

    def directory(self):
        return self.home / "store" / "posix"

    def server(self):
        return process_with("mount", self.store, self.transport)

    def close(self):
        if hasattr(self, "store") and self.pid:
            run(TELOSFS, "umount", self.store)
        shutil.rmtree(self.home, ignore_errors=True)


class BlockWithoutAccessTimes(Block):
    """What exact access times cost: with them the first read after a write must reach the daemon."""

    name = "block-noatime"
    options = ("--atime", "none")
    only = "meta"


class JnrFuse(Block):
    name = "jnr-fuse"
    transport = "jnr-fuse"
    peer = True
    exact = False


class Ext4Loop(Contender):
    name = "ext4-loop"
    packages = {"mkfs.ext4": "e2fsprogs"}

    def mount(self):
        image = self.image()
        run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", image)
        run("mount", "-o", "loop", image, self.where)


class Fuse2fs(Contender):
    name = "fuse2fs"
    packages = {"fuse2fs": "fuse2fs", "mkfs.ext4": "e2fsprogs"}
    peer = True

    def mount(self):
        image = self.image()
        run("mkfs.ext4", "-q", "-F", image)
        run("fuse2fs", "-o", "hard_remove", image, self.where)  # else a file just read cannot be removed with its directory

    def server(self):
        return process_with("fuse2fs", self.where)


class Ntfs3g(Contender):
    name = "ntfs-3g"
    packages = {"ntfs-3g": "ntfs-3g", "mkntfs": "ntfs-3g"}
    peer = True

    def mount(self):
        image = self.image()
        run("mkntfs", "-q", "-F", "-Q", image)
        run("ntfs-3g", "-o", "permissions", image, self.where)

    def server(self):
        return process_with("ntfs-3g", self.where)


class Gocryptfs(Contender):
    name = "gocryptfs"
    packages = {"gocryptfs": "gocryptfs"}
    peer = True

    def mount(self):
        cipher = self.home / "cipher"
        cipher.mkdir()
        run("gocryptfs", "-q", "-init", "-extpass", "echo benchmark", cipher)
        run("gocryptfs", "-q", "-extpass", "echo benchmark", cipher, self.where)

    def server(self):
        return process_with(self.home / "cipher", self.where)


ALL = [Ceiling, Memory, Block, BlockWithoutAccessTimes, Ext4Loop, JnrFuse, Fuse2fs, Ntfs3g, Gocryptfs]
