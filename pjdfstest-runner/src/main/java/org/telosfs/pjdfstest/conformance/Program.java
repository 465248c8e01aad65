package org.telosfs.pjdfstest.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.telosfs.pjdfstest.syscall.Identity;
import org.telosfs.pjdfstest.syscall.SystemCall;

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

  /** A process of ours that holds locks; see {@link LockHolder}. */
  static Program holdingLocks(Sandbox in, String... locks) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(LockHolder.class.getName());
    command.addAll(List.of(locks));
    return new Program(
        new ProcessBuilder(command)
            .directory(in.path().toFile())
            .redirectErrorStream(true)
            .start());
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

  long pid() {
    return process.pid();
  }

  /** Until one of its threads sleeps in this call, as the kernel tells. */
  void awaitBlockedIn(SystemCall call) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() < end) {
      try (DirectoryStream<Path> threads =
          Files.newDirectoryStream(Path.of("/proc/" + pid() + "/task"))) {
        for (Path thread : threads) {
          String current = Files.readString(thread.resolve("syscall"));
          if (current.startsWith(call.number() + " ")) {
            return;
          }
        }
      }
      Thread.sleep(1);
    }
    throw new UnexpectedException("the program does not wait in " + call);
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
