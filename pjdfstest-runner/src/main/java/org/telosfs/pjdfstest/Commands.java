package org.telosfs.pjdfstest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Programs of the system that do what Java cannot. */
final class Commands {
  private Commands() {}

  /** Runs to the end; fails with the program's own words unless it ends with 0. */
  static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(String.join(" ", command) + ": exit status " + status + ": " + said);
    }
  }

  /** By rm, since a script that was killed may leave paths longer than PATH_MAX. */
  static void removeTree(Path directory) throws IOException, InterruptedException {
    run(List.of("rm", "-rf", "--one-file-system", "--", directory.toString()));
  }
}
