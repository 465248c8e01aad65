package org.telosfs.pjdfstest;

/** What one assertion said. Number 0 stands for the script as a whole. */
public sealed interface TapResult {
  int number();

  String text();

  record Passed(int number, String text) implements TapResult {}

  record Failed(int number, String text) implements TapResult {}

  /** Not run here, or known by the suite itself not to hold here (TODO). */
  record Skipped(int number, String text) implements TapResult {}

  default String outcome() {
    if (this instanceof Passed) {
      return "passed";
    }
    return this instanceof Failed ? "failed" : "skipped";
  }

  static TapResult of(String outcome, int number, String text) {
    return switch (outcome) {
      case "passed" -> new Passed(number, text);
      case "failed" -> new Failed(number, text);
      case "skipped" -> new Skipped(number, text);
      default -> throw new IllegalArgumentException("no such outcome: " + outcome);
    };
  }
}
