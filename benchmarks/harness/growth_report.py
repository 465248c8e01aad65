"""What growth.py found, as Markdown and as judged targets."""
import statistics

from . import targets

WORK_NAMES = {"list": "list, an entry", "create": "create", "lookup": "lookup", "unlink": "unlink"}


def markdown(found):
    parts = [_costs(found), _mounts(found["mounts"]), _memory(found["memory"])]
    parts += [_stalls(stalls) for stalls in found["stalls"]]
    return "\n\n".join(part for part in parts if part)


def judged(found):
    """(what, unit, most, measured) of the targets that were measured."""
    largest = found["sizes"][-1]
    for cost in found["costs"]:
        if cost["files"] == largest:
            what = f"{cost['tree']}: {cost['work']} at {largest:,} files, {cost['shape']}, to 10,000"
            yield what, "x", targets.GROWTH_AT_MOST, cost["ratio"]
    for shape in ("flat", "wide"):
        mounts = [mount for mount in found["mounts"] if mount["shape"] == shape]
        for key, how in (("cleanMillis", "clean"), ("killedMillis", "killed")):
            if len(mounts) > 1:
                first, last = (statistics.median(mount[key]) for mount in (mounts[0], mounts[-1]))
                yield f"mount, {how}, at {largest:,} files, {shape}, to {mounts[0]['files']:,}", "x", targets.GROWTH_AT_MOST, last / first
    for stalls in found["stalls"]:
        yield "p99.9 of operations during checkpoints", "ms", targets.STALL_MILLIS, _foreground(stalls)["p999Micros"] / 1000


def target_table(found):
    rows = [
        f"| {what} | {most:g} {unit} | {value:.2f} {unit} | {'met' if value <= most else '**missed**'} |"
        for what, unit, most, value in judged(found)
    ]
    rows += [f"| {failure} | works | failed | **missed** |" for failure in found["failed"]]
    return "| growth and stalls | at most | median | |\n|---|---|---|---|\n" + "\n".join(rows)


def histogram(stalls):
    """(upper bound in microseconds, count) of the latencies of all operations."""
    return [tuple(bar) for bar in _foreground(stalls)["histogram"]]


def _foreground(stalls):
    return next(sample for sample in stalls["samples"] if sample["work"] == "foreground")


def _costs(found):
    sizes = found["sizes"]
    by_row = {}
    for cost in found["costs"]:
        by_row.setdefault((cost["tree"], cost["shape"], cost["work"]), {})[cost["files"]] = cost
    rows = []
    for (tree, shape, work), by_size in by_row.items():
        cells = [
            f"{by_size[size]['micros']:.1f} ({by_size[size]['ratio']:.2f})" if size in by_size else "" for size in sizes
        ]
        rows.append(f"| {tree}, {shape} | {WORK_NAMES[work]} | {' | '.join(cells)} |")
    head = f"| tree | operation | {' | '.join(f'{size:,} files' for size in sizes)} |\n|---|---|{'---|' * len(sizes)}\n"
    return (
        "## Growth: microseconds an operation (and the ratio to 10,000 files in a second mount, measured in turn)\n\n"
        + head + "\n".join(rows)
    )


def _mounts(mounts):
    if not mounts:
        return ""
    rows = [
        f"| {mount['files']:,} | {mount['shape']} | {statistics.median(mount['cleanMillis']):.0f} | "
        f"{statistics.median(mount['killedMillis']):.0f} |"
        for mount in mounts
    ]
    head = "| files | tree | after a clean unmount | after kill -9 in the midst of work |\n|---|---|---|---|\n"
    return "## From the command to the mount, milliseconds, by the number of files\n\n" + head + "\n".join(rows)


def _memory(memory):
    rows = [
        f"| {one['files']:,} | {one['tree']}, {one['shape']} | {one['heapMiB']:.0f} | {one['residentMiB']:.0f} |" for one in memory
    ]
    head = "| files | tree | heap in use | resident |\n|---|---|---|---|\n"
    return "## Memory of the daemon after work on all the files, MiB\n\n" + head + "\n".join(rows)


def _stalls(stalls):
    rows = [
        f"| {sample['work']} | {sample['operations']:,} | {sample['p50Micros'] / 1000:.3f} | {sample['p99Micros'] / 1000:.3f} | "
        f"{sample['p999Micros'] / 1000:.2f} | {sample['maxMicros'] / 1000:.1f} |"
        for sample in stalls["samples"]
    ]
    return (
        f"## Operations during checkpoints, milliseconds: {stalls['checkpoints']} checkpoints in {stalls['seconds']} s, "
        f"changes all over {stalls['files']:,} files\n\n"
        "| operation | count | p50 | p99 | p99.9 | longest |\n|---|---|---|---|---|---|\n" + "\n".join(rows)
        + "\n\n```\n" + _bars(histogram(stalls)) + "\n```"
    )


def _bars(bars):
    most = max(count for _, count in bars)
    return "\n".join(f"up to {upper / 1000:10.3f} ms {count:9,} {'#' * round(50 * count / most)}" for upper, count in bars)
