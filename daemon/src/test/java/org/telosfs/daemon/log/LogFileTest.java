package org.telosfs.daemon.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  @TempDir private Path home;

  @Test
  void isMadeByTheFirstMessage() throws IOException {
    Path file = home.resolve("a.log");
    try (LogFile log = new LogFile(file)) {
      assertFalse(Files.exists(file));
      new DaemonLogger("org.telosfs.Thing", () -> Optional.of(log))
          .log(System.Logger.Level.INFO, "{0} of {1}", 1, "two");
    }
    String text = Files.readString(file);
    assertTrue(text.contains(" INFO ") && text.endsWith("Thing: 1 of two\n"), text);
  }

  @Test
  void movesAsideWhenItHasGrownLarge() throws IOException {
    Path file = home.resolve("a.log");
    try (LogFile log = new LogFile(file, 1000)) {
      for (int i = 0; i < 100; i++) {
        log.write(System.Logger.Level.INFO, "x", "message " + i, null);
      }
    }
    assertTrue(Files.size(file) < 1200);
    assertTrue(Files.readString(file).contains("message 99"));
    assertEquals(2, Files.list(home).count());
  }

  @Test
  void stackTracesGoToTheLog() throws IOException {
    Path file = home.resolve("a.log");
    try (LogFile log = new LogFile(file)) {
      new DaemonLogger("x", () -> Optional.of(log))
          .log(System.Logger.Level.ERROR, "it failed", new IOException("why"));
    }
    assertTrue(Files.readString(file).contains("\tat "));
  }
}
