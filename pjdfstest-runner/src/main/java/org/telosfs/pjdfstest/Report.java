package org.telosfs.pjdfstest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A whole run and its text for people: a table per system call and the failing assertions. The
 * suite is named by where its scripts lie.
 */
public record Report(String suite, String directory, double seconds, List<ScriptResult> scripts) {
  private static final String ROW = "%-18s %8s %10s %8s %8s %8s %9s%n";

  public Report {
    scripts = List.copyOf(scripts);
  }

  public int passed() {
    return scripts.stream().mapToInt(ScriptResult::passed).sum();
  }

  public int failed() {
    return scripts.stream().mapToInt(ScriptResult::failed).sum();
  }

  public int skipped() {
    return scripts.stream().mapToInt(ScriptResult::skipped).sum();
  }

  /** Of the assertions that passed or failed; 100 when there are none. */
  public double passPercent() {
    int judged = passed() + failed();
    return judged == 0 ? 100 : 100.0 * passed() / judged;
  }

  public String text() {
    return table() + failures();
  }

  /** What was not run, each reason with what it kept from running. */
  public String skips() {
    Map<String, List<String>> byReason = new TreeMap<>();
    for (ScriptResult script : scripts) {
      for (TapResult result : script.results()) {
        if (result instanceof TapResult.Skipped) {
          String[] words = result.text().split(": ", 2);
          byReason
              .computeIfAbsent(words.length > 1 ? words[1] : "", reason -> new ArrayList<>())
              .add(words[0]);
        }
      }
    }
    StringBuilder text = new StringBuilder();
    byReason.forEach(
        (reason, names) -> {
          text.append(String.format("%nnot run, %s%n", reason));
          names.forEach(name -> text.append(String.format("  %s%n", name)));
        });
    return text.toString();
  }

  /** The line scripts read. */
  public String closingLine() {
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
        text.append(String.format("%n%s/%s%n", suite, script.script()));
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
