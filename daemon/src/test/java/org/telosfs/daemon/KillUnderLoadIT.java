package org.telosfs.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** SIGKILL in the middle of work: what was fsynced is there, and the store checks clean. */
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class KillUnderLoadIT {
  private static final int KILLS = Boolean.getBoolean("telosfs.long") ? 200 : 5;

  @Test
  void whatWasFsyncedSurvivesEveryKill() throws IOException, InterruptedException {
    Path home = Files.createTempDirectory("telosfs-kill-it").toRealPath();
    Path store = home.resolve("store");
    try {
      List<String> promised = new ArrayList<>();
      for (int kill = 0; kill < KILLS; kill++) {
        ProcessHandle daemon = TelosProgram.up(store);
        requireAll(promised, store.resolve("posix"));
        Writer writer = new Writer(store.resolve("posix"), "kill-" + kill + "-");
        writer.start();
        writer.enough.await();
        daemon.destroyForcibly();
        daemon.onExit().join();
        writer.join();
        promised.addAll(writer.promised);
      }
      TelosProgram.up(store);
      requireAll(promised, store.resolve("posix"));
      assertEquals(0, TelosProgram.run("umount", store).code());
      TelosProgram.Ended check = TelosProgram.run("check", store);
      assertEquals(0, check.code(), check.out() + check.err());
      assertTrue(promised.size() >= KILLS * Writer.ENOUGH, promised.size() + " promises");
    } finally {
      TelosProgram.cleanUp(store);
      TelosProgram.system("rm", "-rf", "--one-file-system", home);
    }
  }

  private static void requireAll(List<String> promised, Path tree) throws IOException {
    for (String name : promised) {
      assertEquals(name, Files.readString(tree.resolve(name)), name);
    }
  }

  /** Writes and fsyncs files until the mount is dead, and remembers what was promised. */
  private static final class Writer extends Thread {
    static final int ENOUGH = 40;

    final List<String> promised = new ArrayList<>();
    final CountDownLatch enough = new CountDownLatch(ENOUGH);
    private final Path tree;
    private final String prefix;

    Writer(Path tree, String prefix) {
      this.tree = tree;
      this.prefix = prefix;
    }

    @Override
    public void run() {
      try {
        for (int i = 0; ; i++) {
          String name = prefix + i;
          try (FileChannel file =
              FileChannel.open(
                  tree.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8)));
            file.force(true);
            promised.add(name);
            enough.countDown();
          }
        }
      } catch (IOException killed) {
        while (enough.getCount() > 0) {
          enough.countDown();
        }
      }
    }
  }
}
