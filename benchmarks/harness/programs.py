"""Programs that the harness starts, and what it asks the system about them."""
import os
import pathlib
import subprocess
import time

BENCHMARKS = pathlib.Path(__file__).resolve().parent.parent
PROJECT = BENCHMARKS.parent
TELOSFS = PROJECT / "telosfs"


class Failed(Exception):
    """A program that did not do what was asked; says which and why."""


def run(*command, timeout=600, **options):
    """Runs a program to its end and returns what it printed."""
    words = [str(word) for word in command]
    try:
        ended = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=timeout, **options)
    except subprocess.TimeoutExpired as late:
        raise Failed(f"{' '.join(words)}: not done in {timeout} s") from late
    if ended.returncode != 0:
        said = (ended.stderr or ended.stdout).strip().splitlines()
        raise Failed(f"{' '.join(words)}: exit {ended.returncode}: {said[-1] if said else 'no message'}")
    return ended.stdout


def build_native(into):
    """Compiles the ceiling and the load generator; returns their paths."""
    native = BENCHMARKS / "native"
    into.mkdir()
    compiler = ["cc", "-O2", "-Wall", "-Wextra", "-pthread", "-o"]
    ceiling, load = into / "ceiling", into / "load"
    run(*compiler, ceiling, native / "ceiling.c")
    run(*compiler, load, *(native / f"{part}.c" for part in ("load", "measure", "metadata", "data", "packages", "growth")))
    return ceiling, load


def process_with(*words):
    """The id of the process whose command line has all these arguments; None if there is none."""
    wanted = {str(word) for word in words}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                arguments = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            if wanted <= set(arguments) and int(entry.name) != os.getpid():
                return int(entry.name)
    return None


def cpu_seconds(pid):
    """Processor time of all threads of a process so far; 0 for none."""
    if not pid:
        return 0.0
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def lives(pid):
    """Whether there is such a process that has not ended."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition, what, seconds=15):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {seconds} s")
        time.sleep(0.01)


def is_mounted(directory):
    return any(line.split()[4] == str(directory) for line in open("/proc/self/mountinfo"))
