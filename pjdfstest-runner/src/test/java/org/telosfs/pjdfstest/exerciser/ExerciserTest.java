package org.telosfs.pjdfstest.exerciser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.telosfs.pjdfstest.syscall.Linux;

final class ExerciserTest {
  private static final int MAX_BYTES = 512 << 10;
  private static final long SEED = 1;

  /** Each bug below is found well before. */
  private static final long ENOUGH = 5_000;

  private static SeedRun run(PlantedBug bug) {
    return new SeedRun(() -> new MemoryFilePair(bug, MAX_BYTES), MAX_BYTES, Set.of(), SEED);
  }

  private static SeedRun.Outcome exercise(PlantedBug bug, long operations) throws IOException {
    return run(bug).run(operations, number -> {});
  }

  @Test
  void aFaultlessFileSystemPasses() throws IOException {
    SeedRun.Outcome outcome = exercise(PlantedBug.NONE, 100_000);
    assertNull(outcome.failure(), () -> String.valueOf(outcome.failure()));
    assertTrue(outcome.done() > 90_000, "only " + outcome.done() + " had an effect");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyPlantedBugIsFound(PlantedBug bug) throws IOException {
    SeedRun.Failure failure = exercise(bug, ENOUGH).failure();
    assertNotNull(failure);
    assertTrue(failure.number() <= ENOUGH, "only the last comparison found it");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aFailureShrinksToFewOperations(PlantedBug bug) throws IOException {
    SeedRun.Failure failure = exercise(bug, ENOUGH).failure();
    assertNotNull(failure);
    SeedRun.Failure few = new Shrinker(run(bug), Duration.ofMinutes(1)).shrink(failure.number());
    assertNotNull(few);
    assertTrue(few.operations().size() <= 5, () -> few.operations().toString());
  }

  @Test
  void theSameSeedDrawsTheSameOperations() {
    for (long number = 1; number < 1000; number++) {
      assertEquals(Operation.draw(7, number, MAX_BYTES), Operation.draw(7, number, MAX_BYTES));
    }
  }

  @Test
  void everyKindIsDoneSometimes() throws IOException {
    for (Kind kind : Kind.values()) {
      boolean drawn = false;
      for (long number = 1; number <= ENOUGH && !drawn; number++) {
        drawn = Operation.draw(SEED, number, MAX_BYTES).kind() == kind;
      }
      assertTrue(drawn, kind + " is never drawn");
    }
  }

  /** Whatever file system the tests run on is taken to be in order. */
  @Test
  void theHostsOwnFileSystemPasses(@TempDir Path directory) throws IOException {
    Linux linux = new Linux();
    FilePair.Source source = () -> new SystemFilePair(linux, directory, MAX_BYTES);
    SeedRun run = new SeedRun(source, MAX_BYTES, Probe.refused(source).keySet(), SEED);
    assertNull(run.run(2_000, number -> {}).failure());
    assertEquals(0, directory.toFile().list().length, "files are left over");
  }
}
