package org.telosfs.fuse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs a bash script in a directory; a script that fails fails the test with what it said. */
public final class Shell {
  private static final int DEADLINE_SECONDS = 120;

  private final Path directory;

  public Shell(Path directory) {
    this.directory = directory;
  }

  /** Runs {@code script} with {@code set -e}; its output without the last line end. */
  public String run(String script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", "-euc", script)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after " + DEADLINE_SECONDS + " s: " + script);
    }
    if (process.exitValue() != 0) {
      throw new AssertionError("exit " + process.exitValue() + ": " + script + "\n" + output);
    }
    return output.stripTrailing();
  }
}
