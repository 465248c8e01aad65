"""What an operation, a mount and the daemon's memory cost as the number of files grows, and what waits for checkpoints.

A second mount with 10,000 files is probed in turn with the growing one, so that a ratio compares what was measured
within a second, whatever else the machine did meanwhile.
"""
import contextlib
import json
import os
import signal
import statistics
import subprocess
import time

from . import contenders, start
from .programs import TELOSFS, Failed, is_mounted, lives, run, wait_until

REFERENCE_FILES = 10_000
PROBES = 2_000  # what the load generator makes of each kind where there are as many files
WORKS = ["create", "lookup", "list", "unlink"]
KINDS = {kind.name: kind for kind in (contenders.Memory, contenders.Block)}
STALL_FILES = 100_000
FILLED_AT_ONCE = 100_000
SLOWEST_FILES_A_SECOND = 4000  # who makes fewer for long has failed


class Growth:
    """Measures all of it, for each tree and shape; what was found so far is in `found`."""

    def __init__(self, load, home, options, say):
        self.load = load
        self.home = home
        self.sizes = [10**power for power in range(3, 6 if options.quick else 8 if options.long else 7)]
        self.rounds = 3 if options.quick else 5
        self.mounts = 2 if options.quick else 3
        self.stall_seconds = 8 if options.quick else 20
        self.say = say
        self.found = {"sizes": self.sizes, "costs": [], "mounts": [], "memory": [], "stalls": [], "failed": []}

    def measure(self, names):
        for name in names:
            for shape in ("flat", "wide"):
                try:
                    self._grow(KINDS[name], shape)
                except Failed as failure:
                    self.found["failed"].append(f"{name}, {shape}: {failure}")
        return self.found

    def _grow(self, kind, shape):
        grown, reference = kind(self.home / "grown"), kind(self.home / "reference")
        with contextlib.ExitStack() as opened:
            for contender in (grown, reference):
                opened.callback(_close, contender)
                contender.open()
                self._warm_up(contender)
            self._run(reference, "fill", shape, 0, REFERENCE_FILES)
            there = 0
            for files in self.sizes:
                self._fill(grown, shape, there, files)
                there = files
                self._probe(grown, reference, shape, files)
                self._ask_memory(grown, shape, files)
                if files == STALL_FILES and shape == "wide" and kind is contenders.Block:
                    self._stall(grown, files)
                if kind is contenders.Block:
                    self._mount(grown, shape, files)
                    if files < self.sizes[-1]:
                        self._warm_up(grown)
                self.say(f"growth: {files:,} files, {shape}, on {kind.name}")

    def _fill(self, grown, shape, there, files):
        """In parts, so that it shows soon if one stands still."""
        for first in range(there, files, FILLED_AT_ONCE):
            self._run(grown, "fill", shape, first, min(first + FILLED_AT_ONCE, files))

    def _probe(self, grown, reference, shape, files):
        samples = {work: [] for work in WORKS}
        for turn in range(self.rounds):
            small = self._run(reference, "probe", shape, REFERENCE_FILES, turn)
            large = self._run(grown, "probe", shape, files, turn)
            for one, other in zip(large, small):
                micros, base = (1e6 / sample["rate"] for sample in (one, other))
                samples[one["work"]].append((micros, micros / base, one["daemonCpuMicros"]))
        for work, measured in samples.items():
            micros, ratio, cpu = (statistics.median(column) for column in zip(*measured))
            self.found["costs"].append(
                {"tree": grown.name, "shape": shape, "files": files, "work": work,
                 "micros": micros, "ratio": ratio, "best": min(row[1] for row in measured), "daemonCpuMicros": cpu}
            )

    def _ask_memory(self, grown, shape, files):
        self.found["memory"].append({"tree": grown.name, "shape": shape, "files": files, **start.memory_of(grown.pid)})

    def _stall(self, grown, files):
        before = _generation(grown)
        samples = self._run(grown, "stalls", files, self.stall_seconds)
        self.found["stalls"].append(
            {"files": files, "seconds": self.stall_seconds, "checkpoints": _generation(grown) - before, "samples": samples}
        )

    def _mount(self, grown, shape, files):
        clean, killed = [], []
        for turn in range(self.mounts):
            run(TELOSFS, "umount", grown.store)
            clean.append(_mount_again(grown))
            for _ in range(max(1, PROBES // files)):  # leaves as much in the journal at each size
                self._run(grown, "probe", shape, files, turn)
            os.kill(grown.pid, signal.SIGKILL)
            wait_until(lambda: not lives(grown.pid), "the end of the killed daemon", 60)
            killed.append(_mount_again(grown))
        self.found["mounts"].append({"shape": shape, "files": files, "cleanMillis": sorted(clean), "killedMillis": sorted(killed)})

    def _warm_up(self, contender):
        for _ in range(2):
            self._run(contender, "meta", 25)

    def _run(self, contender, *what):
        """A daemon that does not answer in time is killed: nothing else ends a program that waits for it."""
        seconds = 60 + (what[3] - what[2] if what[0] == "fill" else self.sizes[-1]) / SLOWEST_FILES_A_SECOND
        command = [str(word) for word in (self.load, contender.directory(), contender.pid, *what)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            try:
                printed, complaint = process.communicate(timeout=seconds)
            except BaseException as ended:
                process.kill()
                if not isinstance(ended, subprocess.TimeoutExpired):
                    raise
                os.kill(contender.pid, signal.SIGKILL)
                raise Failed(f"{' '.join(map(str, what))}: not done in {seconds:.0f} s, its daemon was killed") from ended
        if process.returncode != 0:
            raise Failed(f"{' '.join(map(str, what))}: {complaint.strip()}")
        return [json.loads(line) for line in printed.splitlines()]


def _close(contender):
    """Also if its daemon was killed, whose mounts stay; one that cannot end in order is killed."""
    try:
        if not contender.pid or lives(contender.pid):
            contender.close()
            return
    except Failed:
        os.kill(contender.pid, signal.SIGKILL)
    wait_until(lambda: not lives(contender.pid), "the end of the killed daemon", 60)
    for tree in contender.directory().parent.iterdir():
        if is_mounted(tree):
            run("umount", "--lazy", tree)
    contender.pid = 0
    contender.close()


def _mount_again(contender):
    began = time.monotonic()
    run(TELOSFS, "mount", contender.store, "--transport", contender.transport, "--background")
    took = (time.monotonic() - began) * 1000
    contender.pid = contender.server()
    return took


def _generation(contender):
    """Checkpoints that the volume has had."""
    return json.loads(run(TELOSFS, "status", contender.store, "--json"))["volume"]["generation"]
