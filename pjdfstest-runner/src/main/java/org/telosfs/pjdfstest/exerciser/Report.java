package org.telosfs.pjdfstest.exerciser;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import org.telosfs.pjdfstest.Progress;

/** Tells of a run: what came of each seed on standard output, and a bar if there is a terminal. */
final class Report implements AutoCloseable {
  private static final int STEPS = 1000;
  private static final int MOST_SHOWN = 40;

  private final PrintWriter out;
  private final @Nullable ProgressBar bar;
  private long startNanos = System.nanoTime();

  Report(PrintWriter out, long operations) throws IOException {
    this.out = out;
    this.bar = Progress.onTerminal() ? new ProgressBar("exercise", operations) : null;
  }

  void step(long number) {
    if (bar != null && number % STEPS == 0) {
      bar.stepBy(STEPS);
    }
  }

  void print(SeedRun.Outcome outcome) {
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    SeedRun.Failure failure = outcome.failure();
    if (failure == null) {
      out.printf(
          "seed %d: %,d operations, %,d of them done, in %.1f s (%,.0f/s)%n",
          outcome.seed(),
          outcome.operations(),
          outcome.done(),
          seconds,
          outcome.operations() / seconds);
    } else {
      out.printf(
          "seed %d: FAILED at operation %d%s after %.1f s; again: --replay %d/%d%n",
          outcome.seed(),
          failure.number(),
          failure.number() > outcome.operations() ? " (the last comparison)" : "",
          seconds,
          outcome.seed(),
          Math.min(failure.number(), outcome.operations()));
      print(failure, "the last operations that had to do with it");
    }
    out.flush();
    startNanos = System.nanoTime();
  }

  void printShrunk(SeedRun.@Nullable Failure few) {
    if (few == null) {
      out.println("  no few operations were found that fail on fresh files");
    } else {
      print(few, "these fail on fresh files (" + few.operations().size() + ")");
    }
    out.flush();
    startNanos = System.nanoTime();
  }

  private void print(SeedRun.Failure failure, String heading) {
    out.println("  " + failure.what());
    out.println("  " + heading + ":");
    List<Operation> operations = failure.operations();
    int first = Math.max(0, operations.size() - MOST_SHOWN);
    operations.subList(first, operations.size()).forEach(each -> out.println("  " + each));
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
