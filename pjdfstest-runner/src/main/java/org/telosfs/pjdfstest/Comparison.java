package org.telosfs.pjdfstest;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What changed since an earlier run; assertions are matched by script and number. */
record Comparison(List<String> newlyFailing, List<String> newlyPassing) {
  Comparison {
    newlyFailing = List.copyOf(newlyFailing);
    newlyPassing = List.copyOf(newlyPassing);
  }

  static Comparison of(Report earlier, Report now) {
    Set<String> failedEarlier = names(earlier, TapResult.Failed.class);
    List<String> newlyFailing = new ArrayList<>();
    List<String> newlyPassing = new ArrayList<>();
    for (ScriptResult script : now.scripts()) {
      for (TapResult result : script.results()) {
        String name = name(script, result);
        if (result instanceof TapResult.Failed && !failedEarlier.contains(name)) {
          newlyFailing.add(name + " " + result.text());
        } else if (result instanceof TapResult.Passed && failedEarlier.contains(name)) {
          newlyPassing.add(name + " " + result.text());
        }
      }
    }
    return new Comparison(newlyFailing, newlyPassing);
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(String.format("%nnewly failing: %d%n", newlyFailing.size()));
    newlyFailing.forEach(line -> text.append(String.format("  %s%n", line)));
    text.append(String.format("newly passing: %d%n", newlyPassing.size()));
    newlyPassing.forEach(line -> text.append(String.format("  %s%n", line)));
    return text.toString();
  }

  private static Set<String> names(Report report, Class<? extends TapResult> kind) {
    Set<String> names = new HashSet<>();
    for (ScriptResult script : report.scripts()) {
      script.results().stream().filter(kind::isInstance).forEach(r -> names.add(name(script, r)));
    }
    return names;
  }

  private static String name(ScriptResult script, TapResult result) {
    return script.script() + " " + result.number();
  }
}
