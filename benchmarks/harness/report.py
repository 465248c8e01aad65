"""Samples to medians and ratios, and those to Markdown, JSON and a chart."""
import datetime
import json
import os
import pathlib
import platform
import re
import statistics

from . import chart, growth_report, targets
from .objects_report import ObjectsReport
from .programs import run

BEGIN = "<!-- newest {}: begin -->"
END = "<!-- newest {}: end -->"


class Result:
    """One run. Rates are compared by their medians; the best round stands beside, since neighbours disturb."""

    def __init__(self, samples, absent, starts, grown, stored, options):
        self.samples = samples
        self.absent = absent
        self.starts = starts
        self.grown = grown
        self.stored = ObjectsReport(stored) if stored else None
        self.options = options
        self.names = [name for name in options.contender if any(name in by_name for by_name in samples.values())]
        self.date = datetime.date.today().isoformat()

    def median(self, work, name, key="rate"):
        found = [sample[key] for sample in self.samples.get(work, {}).get(name, []) if key in sample]
        return statistics.median(found) if found else None

    def ratio(self, work, name, reference):
        mine, other = self.median(work, name), self.median(work, reference)
        return mine / other if mine and other else None

    def best_ratio(self, work, name, reference):
        mine, other = (
            max((sample["rate"] for sample in self.samples.get(work, {}).get(one, [])), default=None)
            for one in (name, reference)
        )
        return mine / other if mine and other else None

    def judged(self):
        """(work, contender, reference, least, ratio, best) of the targets that this run can judge."""
        for work, name, reference, least in targets.all_targets():
            ratio = self.ratio(work, name, reference)
            if ratio is not None:
                yield work, name, reference, least, ratio, self.best_ratio(work, name, reference)

    def markdown(self):
        parts = [f"# {self.date}, {os.cpu_count()} cores", self._machine(), self._target_table(), self._rate_table()]
        parts += [self._cpu_table(), self._latency_table(), self._start_text()]
        if self.grown:
            parts += [growth_report.target_table(self.grown), growth_report.markdown(self.grown)]
        if self.stored:
            parts += ["## Objects through a socket", self.stored.markdown()]
        parts.append(self._absent_text())
        return "\n\n".join(part for part in parts if part) + "\n"

    def summary(self):
        """For the README: each target's ratio."""
        return self._target_table() + ("\n\n" + self._start_text() if self.starts else "")

    def keep(self, project):
        """Writes the files, and those blocks of the README and of docs for which there is something new."""
        directory, readme = project / "benchmarks" / "results", project / "README.md"
        stem = f"{self.date}-{os.cpu_count()}-cores{self.options.part}"
        directory.mkdir(exist_ok=True)
        (directory / f"{stem}.md").write_text(self.markdown())
        (directory / f"{stem}.json").write_text(json.dumps(self._raw(), indent=1) + "\n")
        if self.samples or self.grown:
            (directory / f"{stem}.svg").write_text(chart.draw(list(self.judged()), self._histograms(), f"TelosFS, {self.date}"))
        link = f"benchmarks/results/{stem}"
        if self.samples:
            _refresh(readme, "benchmark", f"{self.summary()}\n\n![ratios]({link}.svg)\n\nThe whole run: [{link}.md]({link}.md).")
        if self.grown:
            _refresh(readme, "growth", f"{growth_report.target_table(self.grown)}\n\nAll of it: [{link}.md]({link}.md).")

        if self.stored:
            (directory / f"{stem}-objects.svg").write_text(self.stored.chart())
            text = f"{self._machine()}\n\n{self.stored.markdown()}\n\n![objects a second](../{link}-objects.svg)"
            _refresh(project / "docs" / "ipc-benchmark.md", "objects", text)

    def _histograms(self):
        return [
            ("Operations during checkpoints: how many took how long", growth_report.histogram(stalls))
            for stalls in (self.grown or {}).get("stalls", [])
        ]

    def _raw(self):
        return {
            "date": self.date,
            "machine": self._machine(),
            "rounds": self.options.rounds,
            "samples": self.samples,
            "absent": self.absent,
            "start": self.starts,
            "growth": self.grown,
            "objects": self.stored.raw() if self.stored else None,
        }

    def _machine(self):
        cpus = pathlib.Path("/proc/cpuinfo").read_text()
        model = re.search(r"model name\s*: (.*)", cpus)
        java = run("java", "--version").splitlines()[0]
        return (
            f"{os.cpu_count()} processors ({model.group(1) if model else platform.machine()}), Linux {platform.release()}, {java}, "
            f"load {self.options.load_at_start:.1f} at the start, {self.options.rounds} interleaved rounds"
            + (", quick" if self.options.quick else "") + "."
        )

    def _target_table(self):
        rows = [
            f"| {work} | {name} | {reference} | {least:.2f} | {ratio:.2f} | {best:.2f} | {'met' if ratio >= least else '**missed**'} |"
            for work, name, reference, least, ratio, best in self.judged()
        ]
        if not rows:
            return ""
        head = "| work | TelosFS | beside | target | median | best | |\n|---|---|---|---|---|---|---|\n"
        return head + "\n".join(rows)

    def _rate_table(self):
        return self._table("Rates: medians of the rounds", "rate", "{:,.0f}", unit=True)

    def _cpu_table(self):
        return self._table("Processor time of the daemon, microseconds an operation", "daemonCpuMicros", "{:,.1f}")

    def _latency_table(self):
        return self._table("Latency, 99.9th percentile in microseconds", "p999Micros", "{:,.0f}")

    def _table(self, title, key, form, unit=False):
        rows = []
        for work, by_name in self.samples.items():
            medians = [self.median(work, name, key) for name in self.names]
            if any(value is not None for value in medians):
                shown = next(iter(by_name.values()))[0]["unit"] if unit else ""
                cells = ["" if value is None else form.format(value) for value in medians]
                rows.append(f"| {work} {('(' + shown + ')') if unit else ''} | " + " | ".join(cells) + " |")
        if not rows:
            return ""
        head = f"| work | {' | '.join(self.names)} |\n|---{'|---' * len(self.names)}|\n"
        return f"## {title}\n\n{head}" + "\n".join(rows)

    def _start_text(self):
        if not self.starts:
            return ""
        millis = self.starts["millis"]
        p90 = millis[min(len(millis) - 1, int(0.9 * len(millis)))]
        return (
            f"Command to both trees mounted, warm, {len(millis)} starts: median {statistics.median(millis):.0f} ms, p90 {p90:.0f} ms "
            f"(target {targets.START_MILLIS}). At rest: heap {self.starts['heapMiB']:.0f} MiB (target {targets.IDLE_HEAP_MIB}), "
            f"resident {self.starts['residentMiB']:.0f} MiB."
        )

    def _absent_text(self):
        return "\n".join(f"- Not measured: {what}: {why}" for what, why in self.absent.items())


def _refresh(readme, name, text):
    begin, end = BEGIN.format(name), END.format(name)
    block = f"{begin}\n{text}\n{end}"
    readme.write_text(re.sub(f"{begin}.*{end}", lambda _: block, readme.read_text(), flags=re.DOTALL))
