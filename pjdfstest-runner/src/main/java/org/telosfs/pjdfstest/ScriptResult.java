package org.telosfs.pjdfstest;

import java.util.List;

/** A finished script: its path below {@code tests}, such as {@code chmod/00.t}. */
public record ScriptResult(
    String script, double seconds, boolean timedOut, List<TapResult> results) {
  public ScriptResult {
    results = List.copyOf(results);
  }

  /** The directory of the script, which pjdfstest names after the system call. */
  public String systemCall() {
    int slash = script.indexOf('/');
    return slash < 0 ? script : script.substring(0, slash);
  }

  public int count(Class<? extends TapResult> kind) {
    return (int) results.stream().filter(kind::isInstance).count();
  }

  public int passed() {
    return count(TapResult.Passed.class);
  }

  public int failed() {
    return count(TapResult.Failed.class);
  }

  public int skipped() {
    return count(TapResult.Skipped.class);
  }
}
