package org.telosfs.pjdfstest.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.telosfs.pjdfstest.syscall.Identity;

/** A program of the system at work in a case's directory: what no thread can do. */
final class Program {
  private final Process process;

  private Program(Process process) {
    this.process = process;
  }

  /** How it ended, and all that it said on both outputs. */
  record Outcome(int status, String said) {}

  /** A shell command that goes on until {@link #end}. */
  static Program start(Sandbox in, String command) throws IOException {
    return new Program(
        new ProcessBuilder("/bin/sh", "-c", command)
            .directory(in.path().toFile())
            .redirectErrorStream(true)
            .start());
  }

  static Outcome run(Sandbox in, String command) throws IOException, InterruptedException {
    return start(in, command).outcome();
  }

  /** As another user, who starts in the case's directory. */
  static Outcome runAs(Identity who, Sandbox in, String command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    "setpriv",
                    "--reuid=" + who.uid(),
                    "--regid=" + who.gid(),
                    "--clear-groups",
                    "/bin/sh",
                    "-c",
                    command))
            .directory(in.path().toFile())
            .redirectErrorStream(true)
            .start();
    return new Program(process).outcome();
  }

  /** A copy of sleep(1) below {@code name} that runs until {@link #end}. */
  static Program copyOfSleep(Sandbox in, String name) throws IOException {
    Path copy = in.path().resolve(name);
    Files.copy(sleep(), copy, StandardCopyOption.COPY_ATTRIBUTES);
    return new Program(
        new ProcessBuilder(copy.toString(), "1000").directory(in.path().toFile()).start());
  }

  private static Path sleep() throws IOException {
    return Path.of("/bin/sleep").toRealPath();
  }

  /** The next line it says; empty at its end. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = process.getInputStream().read();
        c >= 0 && c != '\n';
        c = process.getInputStream().read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  /** By SIGKILL, and waits for it. */
  void end() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new UnexpectedException("a program survived SIGKILL");
    }
  }

  private Outcome outcome() throws IOException, InterruptedException {
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), said);
  }
}
