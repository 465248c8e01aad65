package org.telosfs.pjdfstest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A whole run and its text for people: a table per system call and the failing assertions. */
record Report(String suite, String directory, double seconds, List<ScriptResult> scripts) {
  private static final String ROW = "%-18s %8s %10s %8s %8s %8s %9s%n";

  Report {
    scripts = List.copyOf(scripts);
  }

  int passed() {
    return scripts.stream().mapToInt(ScriptResult::passed).sum();
  }

  int failed() {
    return scripts.stream().mapToInt(ScriptResult::failed).sum();
  }

  int skipped() {
    return scripts.stream().mapToInt(ScriptResult::skipped).sum();
  }

  /** Of the assertions that passed or failed; 100 when there are none. */
  double passPercent() {
    int judged = passed() + failed();
    return judged == 0 ? 100 : 100.0 * passed() / judged;
  }

  String text() {
    return table() + failures();
  }

  /** The line scripts read. */
  String closingLine() {
    return passed() + " passed, " + failed() + " failed, " + skipped() + " skipped";
  }

  private String table() {
    Map<String, List<ScriptResult>> calls = new TreeMap<>();
    for (ScriptResult script : scripts) {
      calls.computeIfAbsent(script.systemCall(), call -> new ArrayList<>()).add(script);
    }
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            ROW, "call", "scripts", "assertions", "passed", "failed", "skipped", "seconds"));
    calls.forEach((call, of) -> text.append(row(call, of)));
    return text.append(row("total", scripts)).toString();
  }

  /** Seconds are summed over scripts, which may have run side by side. */
  private static String row(String name, List<ScriptResult> scripts) {
    int passed = scripts.stream().mapToInt(ScriptResult::passed).sum();
    int failed = scripts.stream().mapToInt(ScriptResult::failed).sum();
    int skipped = scripts.stream().mapToInt(ScriptResult::skipped).sum();
    double seconds = scripts.stream().mapToDouble(ScriptResult::seconds).sum();
    return String.format(
        ROW,
        name,
        scripts.size(),
        passed + failed + skipped,
        passed,
        failed,
        skipped,
        String.format(Locale.ROOT, "%.1f", seconds));
  }

  private String failures() {
    StringBuilder text = new StringBuilder();
    for (ScriptResult script : scripts) {
      if (script.failed() > 0) {
        text.append(String.format("%n%s/tests/%s%n", suite, script.script()));
        for (TapResult result : script.results()) {
          if (result instanceof TapResult.Failed) {
            text.append(String.format("  not ok %d %s%n", result.number(), result.text()));
          }
        }
      }
    }
    return text.toString();
  }
}
