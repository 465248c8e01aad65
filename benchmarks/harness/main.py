"""The command line, the interleaved rounds, and what is left afterwards."""
import argparse
import collections
import os
import pathlib
import random
import shutil
import signal
import sys
import tempfile
import time

from . import contenders, growth, jmh, objects, report, start
from .programs import BENCHMARKS, TELOSFS, Failed, build_native, run
from .works import Works

IN_ROUNDS = ["meta", "data", "sync", "storm"]
WORKS = [*IN_ROUNDS, "start", "growth", "image"]


def main(arguments):
    options = _options(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # clean up as after Ctrl-C
    home = pathlib.Path(tempfile.mkdtemp(prefix="telosfs-benchmark-", dir=options.where))
    try:
        run(TELOSFS, "--version", timeout=1200)  # builds it if need be
        if options.jmh:
            jmh.compare(home, options.keep)
            return 0
        result = _measure(options, home)
    except KeyboardInterrupt:
        print("interrupted; nothing is kept", file=sys.stderr)
        return 130
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(home, ignore_errors=True)
    print(result.markdown())
    if options.keep:
        result.keep(BENCHMARKS.parent)
    return 0


def _options(arguments):
    names = [contender.name for contender in contenders.ALL]
    parser = argparse.ArgumentParser(prog="benchmarks/run", description=__doc__)
    parser.add_argument("--rounds", type=int, help="interleaved rounds (5, quick: 2)")
    parser.add_argument("--contender", action="append", choices=names, help="only this one; may be repeated")
    parser.add_argument("--work", action="append", choices=WORKS, help="only this; may be repeated")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="smaller works, for a first look; growth to 100,000 files")
    size.add_argument("--long", action="store_true", help="growth to 10,000,000 files instead of 1,000,000; hours")
    parser.add_argument("--keep", action="store_true", help="write the result to results/ and the summary to the README")
    parser.add_argument("--jmh", action="store_true", help="inner parts by JMH beside the baseline, which --keep replaces")
    parser.add_argument("--where", default="/var/tmp", help="a directory on the disk to measure on (/var/tmp)")
    options = parser.parse_args(arguments)
    options.rounds = options.rounds or (2 if options.quick else 5)
    options.part = "".join(f"-{work}" for work in options.work or [])
    options.work = options.work or WORKS
    options.contender = options.contender or names
    if os.geteuid() != 0 and not options.jmh:
        parser.error("mounting the ceiling and the loop device needs root")
    options.load_at_start = os.getloadavg()[0]
    return options


def _measure(options, home):
    ceiling, load = build_native(home / "bin")
    contenders.Ceiling.program = ceiling
    samples = collections.defaultdict(lambda: collections.defaultdict(list))
    absent = {}
    starts = grown = stored = None
    if set(options.work) & set(IN_ROUNDS):
        _measure_in_rounds(options, home, load, samples, absent)
    if "start" in options.work:
        starts = start.measure(home, 8 if options.quick else 20)
    if "growth" in options.work:
        growing = growth.Growth(load, home, options, _say)
        grown = growing.found
        try:
            growing.measure([name for name in options.contender if name in growth.KINDS])
        except Failed as failure:
            absent["growth, all that follows what is shown"] = str(failure)
    if "image" in options.work:
        stored = objects.measure(home, options, _say)
        absent.update(stored["absent"])
    return report.Result(samples, absent, starts, grown, stored, options)


def _measure_in_rounds(options, home, load, samples, absent):
    works = Works(load, home, options.quick)
    opened = []
    try:
        _open_all(options, home, opened, absent)
        for contender in opened:
            try:
                works.warm_up(contender, options.work)
            except Failed as failure:
                absent[f"{contender.name}, warming up"] = str(failure)
        for round_ in range(options.rounds):
            in_order = random.Random(round_).sample(opened, len(opened))  # the next one after a big one is not always the same
            for work in (name for name in options.work if name in IN_ROUNDS):
                if work == "storm" and round_ % 2 == 1:
                    continue
                for contender in in_order:
                    if contender.peer and round_ % 2 == 1 or contender.only not in (None, work):
                        continue
                    _sample(works, work, contender, samples, absent)
                    _say(f"round {round_ + 1} of {options.rounds}: {work} on {contender.name}")
    finally:
        for contender in opened:
            try:
                contender.close()
            except (Failed, OSError) as failure:
                print(f"left behind: {failure}", file=sys.stderr)


def _open_all(options, home, opened, absent):
    for kind in contenders.ALL:
        if kind.name in options.contender:
            contender = kind(home)
            try:
                contender.open()
                opened.append(contender)
            except (Failed, OSError) as failure:
                absent[kind.name] = str(failure)
                contender.close()


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
