"""What the contenders are measured with. A work yields samples: dicts as the load generator prints them."""
import json
import os
import random
import shutil
import subprocess
import tarfile
import time

from .programs import cpu_seconds, run


class Works:
    """All works, on one machine for one run."""

    def __init__(self, load, home, quick):
        self.load = load
        self.home = home
        self.files_each = 50 if quick else 100
        self.mib = 64 if quick else 192
        self.sync_seconds = 1 if quick else 2
        self.tree_files = 15_000 if quick else 60_000
        self.packages = 100 if quick else 300
        self.tree = None

    def meta(self, contender):
        yield from self._generate(contender, "meta", self.files_each)

    def data(self, contender):
        yield from self._generate(contender, "data", self.mib)

    def sync(self, contender):
        yield from self._generate(contender, "sync", 16, self.sync_seconds)

    def storm(self, contender):
        """A tree is unpacked, looked at by git and removed, and packages are installed."""
        if not contender.exact:
            return
        tree = self._tree()
        top = contender.directory() / "storm"
        top.mkdir()
        yield self._timed(contender, "untar", self.tree_files, "tar", "-C", top, "-xf", tree)
        yield self._timed(contender, "git status, first", self.tree_files, "git", "-C", top / "tree", "status", "-s")
        yield self._timed(contender, "git status", self.tree_files, "git", "-C", top / "tree", "status", "-s")
        yield self._timed(contender, "rm -rf", self.tree_files, "rm", "-rf", top)
        yield from self._generate(contender, "packages", self.packages)

    def warm_up(self, contender, works):
        """Runs what will be measured once, smaller, so that nobody is measured while compiling."""
        if contender.only:
            works = [contender.only]
        if "meta" in works or "storm" in works:
            for _ in range(5 if contender.compiles else 2):
                list(self._generate(contender, "meta", self.files_each if contender.compiles else 25))
        if "data" in works:
            for _ in range(3 if contender.compiles else 1):
                list(self._generate(contender, "data", self.mib))
        if "sync" in works:
            list(self._generate(contender, "sync", 4, 3))
        if "storm" in works and contender.exact:
            for _ in range(8 if contender.compiles else 1):
                list(self._generate(contender, "packages", 100))

    def _generate(self, contender, *what):
        command = [self.load, contender.directory(), contender.pid or 0, *what]
        for line in run(*command).splitlines():
            yield json.loads(line)

    def _timed(self, contender, work, operations, *command):
        cpu = cpu_seconds(contender.pid)
        began = time.monotonic()
        run(*command, timeout=1800, env={**os.environ, "GIT_OPTIONAL_LOCKS": "1"})
        seconds = time.monotonic() - began
        return {
            "work": work,
            "unit": "1/s",
            "rate": operations / seconds,
            "operations": operations,
            "seconds": seconds,
            "daemonCpuMicros": (cpu_seconds(contender.pid) - cpu) * 1e6 / operations,
        }

    def _tree(self):
        """A source tree with its git repository, as a tar file; the same from run to run."""
        if self.tree is None:
            top = self.home / "made" / "tree"
            _grow_tree(top, self.tree_files)
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True}
            who = ["-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "gc.auto=0"]
            subprocess.run(["git", "-C", top, "init", "-q", "."], **quiet)
            subprocess.run(["git", "-C", top, "add", "-A"], **quiet)
            subprocess.run(["git", "-C", top, *who, "commit", "-q", "-m", "tree"], **quiet)
            subprocess.run(["git", "-C", top, "repack", "-q", "-a", "-d"], **quiet)
            self.tree = self.home / "tree.tar"
            with tarfile.open(self.tree, "w") as tar:
                tar.add(top, arcname="tree")
            shutil.rmtree(top)
        return self.tree


def _grow_tree(top, files):
    source = random.Random(7)
    words = [source.randbytes(3).hex() for _ in range(2000)]
    for number in range(files):
        directory = top / f"module{number % 40:02}" / f"package{number // 40 % 75:02}"
        if number < 40 * 75:
            directory.mkdir(parents=True, exist_ok=True)
        text = " ".join(source.choices(words, k=source.randint(20, 500)))
        (directory / f"Source{number:05}.java").write_text(text)
