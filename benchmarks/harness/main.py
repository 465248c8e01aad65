"""The command line, the interleaved rounds, and what is left afterwards."""
import argparse
import collections
import os
import pathlib
import shutil
import sys
import tempfile
import time

from . import contenders, report, start
from .programs import BENCHMARKS, TELOSFS, Failed, build_native, run
from .works import Works

WORKS = ["meta", "data", "sync", "storm", "start"]


def main(arguments):
    options = _options(arguments)
    run(TELOSFS, "--version", timeout=1200)  # builds it if need be
    home = pathlib.Path(tempfile.mkdtemp(prefix="telosfs-benchmark-", dir=options.where))
    opened = []
    try:
        samples, absent = _measure(options, home, opened)
        starts = start.measure(home, 8 if options.quick else 20) if "start" in options.work else None
    except KeyboardInterrupt:
        print("interrupted; nothing is kept", file=sys.stderr)
        return 130
    finally:
        for contender in opened:
            try:
                contender.close()
            except (Failed, OSError) as failure:
                print(f"left behind: {failure}", file=sys.stderr)
        shutil.rmtree(home, ignore_errors=True)
    result = report.Result(samples, absent, starts, options)
    print(result.markdown())
    if options.keep:
        result.keep(BENCHMARKS / "results", BENCHMARKS.parent / "README.md")
    return 0


def _options(arguments):
    names = [contender.name for contender in contenders.ALL]
    parser = argparse.ArgumentParser(prog="benchmarks/run", description=__doc__)
    parser.add_argument("--rounds", type=int, help="interleaved rounds (5, quick: 2)")
    parser.add_argument("--contender", action="append", choices=names, help="only this one; may be repeated")
    parser.add_argument("--work", action="append", choices=WORKS, help="only this; may be repeated")
    parser.add_argument("--quick", action="store_true", help="smaller works, for a first look")
    parser.add_argument("--keep", action="store_true", help="write the result to results/ and the summary to the README")
    parser.add_argument("--where", default="/var/tmp", help="a directory on the disk to measure on (/var/tmp)")
    options = parser.parse_args(arguments)
    options.rounds = options.rounds or (2 if options.quick else 5)
    options.work = options.work or WORKS
    options.contender = options.contender or names
    if os.geteuid() != 0:
        parser.error("mounting the ceiling and the loop device needs root")
    options.load_at_start = os.getloadavg()[0]
    return options


def _measure(options, home, opened):
    ceiling, load = build_native(home / "bin")
    contenders.Ceiling.program = ceiling
    works = Works(load, home, options.quick)
    absent = _open_all(options, home, opened)
    for contender in opened:
        try:
            works.warm_up(contender, options.work)
        except Failed as failure:
            absent[f"{contender.name}, warming up"] = str(failure)
    samples = collections.defaultdict(lambda: collections.defaultdict(list))
    for round_ in range(options.rounds):
        for work in (name for name in options.work if name != "start"):
            if work == "storm" and round_ % 2 == 1:
                continue
            for contender in opened:
                if contender.peer and round_ % 2 == 1:
                    continue
                _sample(works, work, contender, samples, absent)
                _say(f"round {round_ + 1} of {options.rounds}: {work} on {contender.name}")
    return samples, absent


def _open_all(options, home, opened):
    absent = {}
    for kind in contenders.ALL:
        if kind.name in options.contender:
            contender = kind(home)
            try:
                contender.open()
                opened.append(contender)
            except (Failed, OSError) as failure:
                absent[kind.name] = str(failure)
                contender.close()
    return absent


def _sample(works, work, contender, samples, absent):
    try:
        for sample in getattr(works, work)(contender):
            samples[sample["work"]][contender.name].append(sample)
    except Failed as failure:
        absent[f"{contender.name}, {work}"] = str(failure)
    shutil.rmtree(contender.directory() / "storm", ignore_errors=True)
    os.sync()
    time.sleep(0.2)  # what is written back late belongs to nobody else's work


def _say(text):
    print(text, file=sys.stderr, flush=True)
