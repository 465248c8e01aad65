package org.telosfs.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.telosfs.daemon.control.ExactJson;

/** The packaged program, run as a process of its own as a user does. */
final class TelosProgram {
  private static final Path LAUNCHER = Path.of("..", "telosfs").toAbsolutePath().normalize();

  private TelosProgram() {}

  /** How a process ended. */
  record Ended(int code, String out, String err) {}

  static ProcessBuilder builder(Object... arguments) {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("TELOSFS_JAVA_OPTS", "-Xmx256m");
    return builder;
  }

  /** Runs a command to its end. */
  static Ended run(Object... arguments) throws IOException, InterruptedException {
    return ended(builder(arguments));
  }

  /** Runs a program of the system. */
  static Ended system(Object... arguments) throws IOException, InterruptedException {
    return ended(new ProcessBuilder(Stream.of(arguments).map(Object::toString).toList()));
  }

  private static Ended ended(ProcessBuilder builder) throws IOException, InterruptedException {
    Path out = Files.createTempFile("telosfs-out", "");
    Path err = Files.createTempFile("telosfs-err", "");
    try {
      int code = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start().waitFor();
      return new Ended(code, Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Brings a store up in the background and returns the daemon's process. */
  static ProcessHandle up(Path store, Object... more) throws IOException, InterruptedException {
    Object[] arguments =
        Stream.concat(Stream.of("up", store, "--size", "256M", "--background"), Stream.of(more))
            .toArray();
    Ended up = run(arguments);
    assertEquals(0, up.code(), up.err());
    long pid =
        ExactJson.mapper().readTree(run("status", store, "--json").out()).path("pid").asLong();
    return ProcessHandle.of(pid).orElseThrow();
  }

  /** Ends whatever a failed test left, the hard way. */
  static void cleanUp(Path store) throws IOException, InterruptedException {
    StoreLayout layout = new StoreLayout(store);
    StoreLock.holder(layout).flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
    for (Path mountPoint : List.of(layout.posix(), layout.image())) {
      if (isMounted(mountPoint)) {
        system("umount", "-l", mountPoint);
      }
    }
  }

  static boolean isMounted(Path mountPoint) throws IOException {
    return new String(Files.readAllBytes(Path.of("/proc/self/mountinfo")), StandardCharsets.UTF_8)
        .contains(" " + mountPoint.toString().replace(" ", "\\040") + " ");
  }
}
