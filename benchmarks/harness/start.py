"""How long a start takes, and what a daemon at rest needs."""
import os
import pathlib
import re
import shutil
import time

from .programs import TELOSFS, process_with, run


def measure(home, starts):
    """Milliseconds from the command to both trees mounted, sorted, and the memory of the last daemon, idle."""
    store = home / "start"
    run(TELOSFS, "init", store, "--size", "1G")
    millis = []
    memory = {}
    os.sync()  # what others left to be written back is not a start's work
    for number in range(starts + 1):
        began = time.monotonic()
        run(TELOSFS, "up", store, "--background")
        took = (time.monotonic() - began) * 1000
        if number > 0:  # the first one reads everything from the disk
            millis.append(took)
        if number == starts:
            memory = memory_of(process_with("up", store))
        run(TELOSFS, "umount", store)
    shutil.rmtree(store)
    return {"millis": sorted(millis), **memory}


def memory_of(pid):
    """Heap in use after a collection, and resident size, in MiB."""
    run("jcmd", pid, "GC.run")
    used = sum(int(kib) for kib in re.findall(r"(?:generation|total)\s.*?used (\d+)K", run("jcmd", pid, "GC.heap_info")))
    resident = re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)
    return {"heapMiB": used / 1024, "residentMiB": int(resident) / 1024}
