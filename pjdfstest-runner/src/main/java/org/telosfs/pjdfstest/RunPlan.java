package org.telosfs.pjdfstest;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Which scripts run where, how many at once, and how long each may take. */
record RunPlan(
    PjdfstestSuite suite, List<String> scripts, Path target, int jobs, Duration timeout) {
  RunPlan {
    scripts = List.copyOf(scripts);
    if (jobs < 1) {
      throw new IllegalArgumentException("jobs must be at least 1: " + jobs);
    }
    if (timeout.isZero() || timeout.isNegative()) {
      throw new IllegalArgumentException("the timeout must be positive: " + timeout);
    }
  }

  /** The scripts of the suite whose path contains {@code filter}; an empty filter takes all. */
  static RunPlan of(PjdfstestSuite suite, String filter, Path target, int jobs, Duration timeout)
      throws IOException {
    List<String> chosen = suite.scripts().stream().filter(s -> s.contains(filter)).toList();
    return new RunPlan(suite, chosen, target, jobs, timeout);
  }

  /** Runs all and returns the results sorted by script; {@code finished} hears of each at once. */
  List<ScriptResult> run(Consumer<ScriptResult> finished) throws IOException, InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(jobs);
    Thread stopOnExit = new Thread(() -> stop(workers), "pjdfstest-stop");
    Runtime.getRuntime().addShutdownHook(stopOnExit);
    try {
      CompletionService<ScriptResult> running = new ExecutorCompletionService<>(workers);
      for (String script : scripts) {
        running.submit(new TestScriptRun(suite, script, target, timeout)::run);
      }
      List<ScriptResult> results = new ArrayList<>();
      while (results.size() < scripts.size()) {
        ScriptResult result = running.take().get();
        results.add(result);
        finished.accept(result);
      }
      results.sort(Comparator.comparing(ScriptResult::script));
      return results;
    } catch (ExecutionException e) {
      throw new IOException("a script could not be run: " + e.getCause(), e);
    } finally {
      stop(workers);
      removeHook(stopOnExit);
    }
  }

  /** Interrupts the scripts that still run; each kills its process group. */
  private static void stop(ExecutorService workers) {
    workers.shutdownNow();
    try {
      if (!workers.awaitTermination(30, TimeUnit.SECONDS)) {
        System.getLogger(RunPlan.class.getName())
            .log(System.Logger.Level.WARNING, "scripts still run after they were killed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      System.getLogger(RunPlan.class.getName())
          .log(System.Logger.Level.DEBUG, "the process is ending already", e);
    }
  }
}
