"""Inner parts by JMH, beside the stored baseline."""
import json
import pathlib
import subprocess

from .programs import BENCHMARKS, PROJECT, Failed, run

BASELINE = BENCHMARKS / "results" / "jmh-baseline.json"
JAR = BENCHMARKS / "target" / "benchmarks.jar"
NOTABLE = 1.1
JVM_ARGUMENTS = "-XX:+UseSerialGC -Xms1g -Xmx1g"  # the daemon's collector; a heap that does not grow meanwhile


def compare(home, keep):
    """Builds and runs them, and prints how they compare; a kept run becomes the baseline."""
    run("mvn", "-q", "-B", "-f", PROJECT / "pom.xml", "-Pbench", "-pl", "benchmarks", "-am", "-DskipTests", "package", timeout=1800)
    result = pathlib.Path(home) / "jmh.json"
    peers = "EmbeddedStoreBenchmark"  # compares stores with each other, not with a baseline
    ended = subprocess.run(["java", "-jar", JAR, "-e", peers, "-jvmArgs", JVM_ARGUMENTS, "-rf", "json", "-rff", result], stdout=subprocess.DEVNULL)
    if ended.returncode != 0:
        raise Failed(f"{JAR}: exit {ended.returncode}")
    measured = _scores(json.loads(result.read_text()))
    print(_table(measured, _scores(json.loads(BASELINE.read_text())) if BASELINE.exists() else {}))
    if keep:
        BASELINE.write_text(json.dumps(_kept(json.loads(result.read_text())), indent=1) + "\n")


def _scores(runs):
    """(what, nanoseconds, error) of each benchmark."""
    scores = {}
    for one in runs:
        parameters = ", ".join(f"{name} {value}" for name, value in one.get("params", {}).items())
        name = ".".join(one["benchmark"].split(".")[-2:]).replace("Benchmark.", ".")
        metric = one["primaryMetric"]
        scores[f"{name}({parameters})"] = metric["score"], metric["scoreError"]
    return scores


def _table(measured, baseline):
    lines = ["| benchmark | baseline, ns | now, ns | now / baseline | |", "|---|---|---|---|---|"]
    for name, (score, error) in measured.items():
        if name in baseline:
            before, error_before = baseline[name]
            ratio = f"{score / before:.2f}"
            lines.append(f"| {name} | {before:,.0f} ± {error_before:,.0f} | {score:,.0f} ± {error:,.0f} | {ratio} | "
                         f"{_verdict(score, error, before, error_before)} |")
        else:
            lines.append(f"| {name} | | {score:,.0f} ± {error:,.0f} | | new |")
    return "\n".join(lines)


def _verdict(score, error, before, error_before):
    """A difference counts if it is larger than a tenth and than what both runs were uncertain of."""
    if score - error > (before + error_before) and score > before * NOTABLE:
        return "slower"
    if score + error < (before - error_before) and score * NOTABLE < before:
        return "faster"
    return ""


def _kept(runs):
    """Without the paths and the raw data, which no comparison needs."""
    names = ("benchmark", "params", "mode", "jdkVersion", "vmName", "forks", "warmupIterations", "measurementIterations")
    return [
        {**{name: one[name] for name in names if name in one},
         "primaryMetric": {name: one["primaryMetric"][name] for name in ("score", "scoreError", "scoreUnit")}}
        for one in runs
    ]
