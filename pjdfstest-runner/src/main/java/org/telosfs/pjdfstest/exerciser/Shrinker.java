package org.telosfs.pjdfstest.exerciser;

import java.time.Duration;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.telosfs.pjdfstest.exerciser.SeedRun.Failure;

/**
 * Looks for few operations that fail on fresh files: first the shortest tail of a failing sequence,
 * then what is left of it when ever smaller pieces are taken out.
 */
final class Shrinker {
  private final SeedRun run;
  private final long deadlineNanos;

  Shrinker(SeedRun run, Duration patience) {
    this.run = run;
    this.deadlineNanos = System.nanoTime() + patience.toNanos();
  }

  /**
   * Few that fail among the first {@code number}; null if time runs out before any are found, or
   * nothing works any more.
   */
  @Nullable Failure shrink(long number) {
    for (long length = 1; !isLate(); length = Math.min(length * 2, number)) {
      long[] tail = LongStream.rangeClosed(number - length + 1, number).toArray();
      Failure failure = run.runSome(tail);
      if (failure != null && !failure.operations().isEmpty()) {
        return withoutPieces(failure);
      }
      if (failure != null || length == number) {
        return null;
      }
    }
    return null;
  }

  private Failure withoutPieces(Failure found) {
    Failure smallest = found;
    int piece = Math.max(1, found.operations().size() / 2);
    while (true) {
      boolean smaller = false;
      int from = 0;
      while (from < smallest.operations().size() && !isLate()) {
        Failure failure = run.runSome(without(smallest, from, piece));
        if (failure == null || failure.operations().isEmpty()) {
          from += piece;
        } else {
          smaller = true;
          smallest = failure;
        }
      }
      if (isLate() || (piece == 1 && !smaller)) {
        return smallest;
      }
      piece = Math.max(1, piece / 2);
    }
  }

  /** Those done alone: the rest had no effect, but may have one when others are missing. */
  private static long[] without(Failure failure, int from, int count) {
    long[] numbers = failure.operations().stream().mapToLong(Operation::number).toArray();
    int to = Math.min(numbers.length, from + count);
    return LongStream.concat(LongStream.of(numbers).limit(from), LongStream.of(numbers).skip(to))
        .toArray();
  }

  private boolean isLate() {
    return System.nanoTime() - deadlineNanos > 0;
  }
}
