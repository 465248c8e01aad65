package org.telosfs.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that know what Linux promises, run in a new store's mount; each asserts by itself. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class MountedStoreIT {
  private Path home = Path.of("");
  private Path store = Path.of("");

  @BeforeEach
  void makeHome() throws IOException {
    home = Files.createTempDirectory("telosfs-mounted-it").toRealPath();
    store = home.resolve("store");
  }

  @AfterEach
  void endDaemon() throws IOException, InterruptedException {
    TelosProgram.cleanUp(store);
    TelosProgram.system("rm", "-rf", "--one-file-system", home);
  }

  private void succeeds(String program, Object... arguments)
      throws IOException, InterruptedException {
    Path script = home.resolve(program);
    try (InputStream text = MountedStoreIT.class.getResourceAsStream("mounted/" + program)) {
      assertTrue(text != null, program);
      Files.writeString(script, new String(text.readAllBytes(), StandardCharsets.UTF_8));
    }
    Object[] command =
        Stream.concat(
                Stream.of("env", "-C", store.resolve("posix"), "python3", script),
                Stream.of(arguments))
            .toArray();
    TelosProgram.Ended ended = TelosProgram.system(command);
    assertEquals(0, ended.code(), ended.out() + ended.err());
  }

  private void endsWell() throws IOException, InterruptedException {
    assertEquals(0, TelosProgram.run("umount", store).code());
    TelosProgram.Ended check = TelosProgram.run("check", store);
    assertEquals(0, check.code(), check.out() + check.err());
  }

  @Test
  void handlesOutliveCachesAndMounts() throws IOException, InterruptedException {
    for (String part : List.of("make", "find", "gone")) {
      TelosProgram.up(store);
      succeeds("handles.py", home, part);
      endsWell();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"relatime", "strict", "none"})
  void accessTimesMoveAsTold(String mode) throws IOException, InterruptedException {
    TelosProgram.up(store, "--atime", mode);
    succeeds("atime.py", mode);
    endsWell();
  }

  @ParameterizedTest
  @ValueSource(strings = {"unnamed.py", "limits.py", "locks.py", "space.py", "remount.py"})
  void keepsWhatLinuxPromises(String program) throws IOException, InterruptedException {
    TelosProgram.up(store, "-o", "suid,dev");
    succeeds(program);
    endsWell();
  }
}
