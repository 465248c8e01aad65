package org.telosfs.pjdfstest.exerciser;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The sequence of operations that a seed stands for, on fresh files. */
final class SeedRun {
  private static final int TOLD = 12;

  private final FilePair.Source source;
  private final int maxBytes;
  private final Set<Kind> leftOut;
  private final long seed;

  /**
   * @param maxBytes no file grows beyond; a multiple of {@link Operation#BLOCK_BYTES}
   * @param leftOut kinds that are not done
   */
  SeedRun(FilePair.Source source, int maxBytes, Set<Kind> leftOut, long seed) {
    this.source = source;
    this.maxBytes = maxBytes;
    this.leftOut = leftOut;
    this.seed = seed;
  }

  /**
   * @param done the operations that had an effect or a result
   * @param failure what went wrong; null if nothing did
   */
  record Outcome(long seed, long operations, long done, @Nullable Failure failure) {}

  /**
   * @param number the operation that showed it; one more than there are for the last comparison
   * @param operations the last that had to do with it
   */
  record Failure(long number, String what, List<Operation> operations) {
    Failure {
      operations = List.copyOf(operations);
    }
  }

  /** Each operation is told of when it is done. */
  Outcome run(long operations, LongConsumer progress) {
    return perform(operations, at -> at + 1, progress, true);
  }

  /** Some of the operations, by their numbers; what fails is told with all that were done. */
  @Nullable Failure runSome(long[] numbers) {
    return perform(numbers.length, at -> numbers[(int) at], number -> {}, false).failure();
  }

  private Outcome perform(
      long count, LongUnaryOperator numbers, LongConsumer progress, boolean touchingOnly) {
    FilePair files;
    try {
      files = source.make();
    } catch (IOException refused) {
      return outcome(count, 0, "the files cannot be made: " + refused.getMessage());
    }
    Outcome outcome = perform(files, count, numbers, progress, touchingOnly);
    try {
      files.close();
    } catch (IOException refused) {
      // After a failure that one is the news; what is wrong with the files may well be this, too.
      if (outcome.failure() == null) {
        String what = "the files cannot be removed: " + refused.getMessage();
        return outcome(count, outcome.done(), what);
      }
    }
    return outcome;
  }

  private Outcome outcome(long count, long done, String what) {
    return new Outcome(seed, count, done, new Failure(count + 1, what, List.of()));
  }

  private Outcome perform(
      FilePair files,
      long count,
      LongUnaryOperator numbers,
      LongConsumer progress,
      boolean touchingOnly) {
    Exerciser exerciser = new Exerciser(files, maxBytes, seed, leftOut);
    long done = 0;
    long number = 0;
    try {
      for (long at = 0; at < count; at++) {
        number = numbers.applyAsLong(at);
        if (exerciser.perform(Operation.draw(seed, number, maxBytes))) {
          done++;
        }
        progress.accept(number);
      }
      number++;
      exerciser.compareAll();
    } catch (Mismatch mismatch) {
      String what = String.valueOf(mismatch.getMessage());
      History history = exerciser.history();
      List<Operation> operations =
          touchingOnly
              ? history.touching(mismatch.file(), mismatch.from(), mismatch.to(), TOLD)
              : history.all();
      return new Outcome(seed, count, done, new Failure(number, what, operations));
    }
    return new Outcome(seed, count, done, null);
  }
}
