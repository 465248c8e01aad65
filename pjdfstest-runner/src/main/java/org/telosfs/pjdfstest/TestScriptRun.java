package org.telosfs.pjdfstest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One script in a fresh directory. It leads a session of its own, so that its process group can be
 * killed as a whole; its output goes to a file, so that no descendant can hold up the reader.
 */
final class TestScriptRun {
  private static final Duration DEATH = Duration.ofSeconds(10);

  private final PjdfstestSuite suite;
  private final String script;
  private final Path target;
  private final Duration timeout;

  TestScriptRun(PjdfstestSuite suite, String script, Path target, Duration timeout) {
    this.suite = suite;
    this.script = script;
    this.target = target;
    this.timeout = timeout;
  }

  ScriptResult run() throws IOException, InterruptedException {
    Path output = Files.createTempFile("pjdfstest-", ".tap");
    Path errors = Files.createTempFile("pjdfstest-", ".err");
    Path directory = Files.createTempDirectory(target, "pjdfstest-");
    try {
      // Other users than root must reach their files in it.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      return execute(directory, output, errors);
    } finally {
      Files.delete(output);
      Files.delete(errors);
      Commands.removeTree(directory);
    }
  }

  private ScriptResult execute(Path directory, Path output, Path errors)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(
                "setsid",
                "/bin/sh",
                "-c",
                "umask 022 && exec /bin/sh \"$1\"",
                "sh",
                suite.tests().resolve(script).toString())
            .directory(directory.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    boolean ended = false;
    try {
      ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      if (!ended) {
        killGroup(process);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    List<TapResult> results = new ArrayList<>(TapParser.parse(lines(output)));
    if (!ended) {
      results.add(new TapResult.Failed(0, "timed out after " + timeout.toMillis() + " ms"));
    } else if (process.exitValue() != 0) {
      String status = "exit status " + process.exitValue();
      String said = String.join(" | ", lines(errors));
      results.add(new TapResult.Failed(0, said.isEmpty() ? status : status + ": " + said));
    }
    return new ScriptResult(script, seconds, !ended, results);
  }

  /** The script called setsid, so its pid is its group's id. */
  private static void killGroup(Process process) throws IOException {
    Process kill =
        new ProcessBuilder("kill", "-KILL", "--", "-" + process.pid()).inheritIO().start();
    boolean interrupted = Thread.interrupted();
    try {
      kill.waitFor(DEATH.toSeconds(), TimeUnit.SECONDS);
      process.waitFor(DEATH.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** As Latin-1, which takes any byte: file names in messages need not be UTF-8. */
  private static List<String> lines(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
  }
}
