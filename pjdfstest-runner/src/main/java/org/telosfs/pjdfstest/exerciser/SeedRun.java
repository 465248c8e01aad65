package org.telosfs.pjdfstest.exerciser;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
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
  Outcome run(long operations, LongConsumer progress) throws IOException {
    try (FilePair files = source.make()) {
      Exerciser exerciser = new Exerciser(files, maxBytes, seed, leftOut);
      long done = 0;
      long number = 1;
      try {
        for (; number <= operations; number++) {
          if (exerciser.perform(Operation.draw(seed, number, maxBytes))) {
            done++;
          }
          progress.accept(number);
        }
        exerciser.compareAll();
      } catch (Mismatch mismatch) {
        List<Operation> touching =
            exerciser.history().touching(mismatch.file(), mismatch.from(), mismatch.to(), TOLD);
        String what = String.valueOf(mismatch.getMessage());
        return new Outcome(seed, operations, done, new Failure(number, what, touching));
      }
      return new Outcome(seed, operations, done, null);
    }
  }

  /** Some of the operations, by their numbers; what fails is told with all that were done. */
  @Nullable Failure runSome(long[] numbers) throws IOException {
    try (FilePair files = source.make()) {
      Exerciser exerciser = new Exerciser(files, maxBytes, seed, leftOut);
      int at = 0;
      try {
        for (; at < numbers.length; at++) {
          exerciser.perform(Operation.draw(seed, numbers[at], maxBytes));
        }
        exerciser.compareAll();
        return null;
      } catch (Mismatch mismatch) {
        long number = at < numbers.length ? numbers[at] : numbers[at - 1] + 1;
        String what = String.valueOf(mismatch.getMessage());
        return new Failure(number, what, exerciser.history().all());
      }
    }
  }
}
