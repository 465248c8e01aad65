package org.telosfs.persistence.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.telosfs.persistence.backup.ManifestFuzz;
import org.telosfs.persistence.capability.TokenFuzz;
import org.telosfs.persistence.ipc.ConversationFuzz;
import org.telosfs.persistence.ipc.FrameFuzz;
import org.telosfs.persistence.log.RecordFuzz;

/**
 * What earlier fuzzing found worth keeping, {@code src/test/resources/fuzz}, is fed to each target.
 * With {@code -Pfuzz -Dtelosfs.fuzz=SECONDS} Jazzer looks for more, so long for each target; what
 * it keeps lies in {@code target/fuzz} then, and what fails a target as {@code crash-}.
 */
class FuzzTest {
  private static final Path KEPT = Path.of("src", "test", "resources", "fuzz");
  private static final Path FOUND = Path.of("target", "fuzz");

  private enum Target {
    FRAMES(FrameFuzz.class, FrameFuzz::fuzzerTestOneInput),
    CONVERSATION(ConversationFuzz.class, ConversationFuzz::fuzzerTestOneInput),
    TOKENS(TokenFuzz.class, TokenFuzz::fuzzerTestOneInput),
    RECORDS(RecordFuzz.class, RecordFuzz::fuzzerTestOneInput),
    MANIFESTS(ManifestFuzz.class, ManifestFuzz::fuzzerTestOneInput);

    private final Class<?> type;
    private final Feeding feeding;

    Target(Class<?> type, Feeding feeding) {
      this.type = type;
      this.feeding = feeding;
    }

    /** Of the inputs, in a directory of that name. */
    String label() {
      return type.getSimpleName();
    }
  }

  private interface Feeding {
    void feed(byte[] input) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void whatWasFoundBeforeHarmsNothing(Target target) throws IOException {
    List<Path> inputs;
    try (Stream<Path> files = Files.list(KEPT.resolve(target.label()))) {
      inputs = files.sorted().toList();
    }
    assertTrue(!inputs.isEmpty(), target.label());
    for (Path input : inputs) {
      try {
        target.feeding.feed(Files.readAllBytes(input));
      } catch (RuntimeException | Error e) {
        throw new AssertionError(input.toString(), e);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @EnabledIfSystemProperty(named = "telosfs.fuzz", matches = "[0-9]+")
  void jazzerFindsNothing(Target target) throws IOException, InterruptedException {
    Path found = Files.createDirectories(FOUND.resolve(target.label()));
    Path log = FOUND.resolve(target.label() + ".log");
    Process fuzzing =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.type.getName(),
                "--instrumentation_includes=org.telosfs.**",
                "--reproducer_path=" + FOUND,
                found.toString(),
                KEPT.resolve(target.label()).toString(),
                "-artifact_prefix=" + FOUND + "/" + target.label() + "-",
                "-max_total_time=" + Integer.getInteger("telosfs.fuzz"),
                "-max_len=4096",
                "-timeout=60",
                "-rss_limit_mb=0",
                "-print_final_stats=1")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertEquals(0, fuzzing.waitFor(), () -> "see " + log);
    } finally {
      fuzzing.destroyForcibly();
    }
  }
}
