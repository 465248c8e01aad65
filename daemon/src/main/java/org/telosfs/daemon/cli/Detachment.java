package org.telosfs.daemon.cli;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.telosfs.daemon.ExitCode;

/**
 * A command that goes on in the background: the same command again as a process of a new session,
 * whose output is shown until it says that it is ready, or ends.
 */
final class Detachment {
  private static final String PROPERTY = "telosfs.detached";
  private static final String READY = "telosfs: ready";
  private static final File NOWHERE = new File("/dev/null");
  private static final Path OWN_COMMAND = Path.of("/proc/self/cmdline");

  private Detachment() {}

  /** Whether this process is the one in the background. */
  static boolean isDetached() {
    return Boolean.getBoolean(PROPERTY);
  }

  /** In the background process: what was promised is there, and whoever waits may go. */
  static void sayReady(PrintWriter out) {
    out.println(READY);
  }

  /**
   * In the process that waits: starts the other, and returns its exit code, or 0 if it is ready.
   */
  static int start(PrintWriter out, PrintWriter err) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command()).redirectInput(ProcessBuilder.Redirect.from(NOWHERE)).start();
    Thread errors = new Thread(() -> copyErrors(process, err), "errors");
    errors.setDaemon(true);
    errors.start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals(READY)) {
          return ExitCode.OK.number();
        }
        out.println(line);
      }
    }
    int code = process.waitFor();
    errors.join();
    return code;
  }

  /** This process's own command, as the kernel has it, with a mark. */
  private static List<String> command() throws IOException {
    String raw = new String(Files.readAllBytes(OWN_COMMAND), StandardCharsets.UTF_8);
    List<String> own = List.of(raw.substring(0, raw.length() - 1).split("\0", -1));
    List<String> command = new ArrayList<>(List.of("setsid", "--"));
    command.add(own.get(0));
    command.add("-D" + PROPERTY + "=true");
    command.addAll(own.subList(1, own.size()));
    return command;
  }

  private static void copyErrors(Process process, PrintWriter err) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        err.println(line);
      }
    } catch (IOException closed) {
      err.println("telosfs: the messages of the background process were lost");
    }
  }
}
