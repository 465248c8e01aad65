package org.telosfs.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store from its making to its end, in every way it can end. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class UpIT {
  private Path home = Path.of("");
  private Path store = Path.of("");
  private Path posix = Path.of("");

  @BeforeEach
  void makeHome() throws IOException {
    home = Files.createTempDirectory("telosfs-up-it").toRealPath();
    store = home.resolve("st ore");
    posix = store.resolve("posix");
  }

  @AfterEach
  void endDaemon() throws IOException, InterruptedException {
    TelosProgram.cleanUp(store);
    TelosProgram.system("rm", "-rf", "--one-file-system", home);
  }

  private static void awaitEnd(ProcessHandle daemon) {
    daemon.onExit().join();
  }

  @Test
  void aSecondUpFindsTheDataAgain() throws IOException, InterruptedException {
    ProcessHandle daemon = TelosProgram.up(store);
    Files.writeString(posix.resolve("letter"), "dear reader");
    assertEquals(0, TelosProgram.run("image", "put", store, "apple={\"grams\": 182}").code());
    Path slot = store.resolve("image/roots/apple/slots/grams");
    assertEquals("182\n", Files.readString(slot));
    TelosProgram.Ended umount = TelosProgram.run("umount", store);
    assertEquals(0, umount.code(), umount.err());
    assertFalse(daemon.isAlive(), "umount returns when the daemon is gone");
    assertFalse(TelosProgram.isMounted(posix));

    TelosProgram.up(store);
    assertEquals("dear reader", Files.readString(posix.resolve("letter")));
    assertEquals("182\n", Files.readString(slot));
    TelosProgram.run("umount", store);
  }

  @Test
  void aCommitIsSeenAtOnce() throws IOException, InterruptedException {
    TelosProgram.up(store);
    Path slot = store.resolve("image/roots/apple/slots/grams");
    for (int grams = 1; grams <= 3; grams++) {
      TelosProgram.run("image", "put", store, "apple={\"grams\": " + grams + "}");
      assertEquals(grams + "\n", Files.readString(slot));
    }
  }

  @Test
  void terminationFlushesEverything() throws IOException, InterruptedException {
    ProcessHandle daemon = TelosProgram.up(store);
    Files.writeString(posix.resolve("letter"), "dear reader");
    assertTrue(daemon.destroy());
    awaitEnd(daemon);
    assertFalse(TelosProgram.isMounted(posix));
    assertEquals(0, TelosProgram.run("check", store).code());
    TelosProgram.up(store);
    assertEquals("dear reader", Files.readString(posix.resolve("letter")));
  }

  @Test
  void unmountingBothBySystemEndsTheDaemon() throws IOException, InterruptedException {
    ProcessHandle daemon = TelosProgram.up(store);
    Files.writeString(posix.resolve("letter"), "dear reader");
    assertEquals(0, TelosProgram.system("umount", posix).code());
    assertTrue(daemon.isAlive(), "the image is still mounted");
    assertEquals(0, TelosProgram.system("umount", store.resolve("image")).code());
    awaitEnd(daemon);
    assertEquals(0, TelosProgram.run("check", store).code());
  }

  @Test
  void aBusyMountStaysAndIsNamed() throws IOException, InterruptedException {
    ProcessHandle daemon = TelosProgram.up(store);
    Path letter = Files.writeString(posix.resolve("letter"), "dear reader");
    try (FileChannel open = FileChannel.open(letter)) {
      TelosProgram.Ended umount = TelosProgram.run("umount", posix);
      assertEquals(ExitCode.BUSY.number(), umount.code(), umount.err());
      assertTrue(umount.err().contains(posix.toString()), umount.err());
      assertEquals("dear reader", Files.readString(letter));
      assertTrue(daemon.destroy());
      assertEquals("dear reader", Files.readString(letter), "served while it is in use");
    }
    awaitEnd(daemon);
    assertFalse(TelosProgram.isMounted(posix));
  }

  @Test
  void aSecondDaemonIsRefusedWithTheFirstOnesNumber() throws IOException, InterruptedException {
    ProcessHandle daemon = TelosProgram.up(store);
    TelosProgram.Ended second = TelosProgram.run("mount", store, "--background");
    assertEquals(ExitCode.LOCKED.number(), second.code(), second.err());
    assertTrue(second.err().contains("process " + daemon.pid()), second.err());
    assertEquals(1, second.err().lines().count(), second.err());
  }

  @Test
  void umountTakesAwayWhatAKilledDaemonLeft() throws IOException, InterruptedException {
    ProcessHandle daemon = TelosProgram.up(store);
    daemon.destroyForcibly();
    awaitEnd(daemon);
    assertTrue(TelosProgram.isMounted(store.resolve("image")));
    assertEquals(0, TelosProgram.run("umount", store).code());
    assertFalse(TelosProgram.isMounted(store.resolve("image")));
    assertEquals(ExitCode.NOT_FOUND.number(), TelosProgram.run("umount", store).code());
  }

  @Test
  void aTreeInMemoryEndsByItsMountPoint() throws IOException, InterruptedException {
    Path where = Files.createDirectory(home.resolve("memory"));
    assertEquals(0, TelosProgram.run("mount", "--memory", where, "--background").code());
    Files.writeString(where.resolve("letter"), "dear reader");
    assertEquals("dear reader", Files.readString(where.resolve("letter")));
    assertEquals(0, TelosProgram.run("umount", where).code());
    assertFalse(TelosProgram.isMounted(where));
    assertEquals(ExitCode.NOT_FOUND.number(), TelosProgram.run("umount", where).code());
  }
}
