package org.telosfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.telosfs.fuse.ScriptedFuseChannel.Body;
import org.telosfs.fuse.wire.Opcode;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.memory.MemoryFileSystem;

class GatheredSyncsTest {
  private static final byte[] SYNC_BODY = new Body().i64(0).i32(0).i32(0).build();

  private final ScriptedFuseChannel kernel = new ScriptedFuseChannel();
  private final FuseSession session =
      new FuseSession(
          kernel,
          new MemoryFileSystem(
              InstantSource.system(), 1 << 20, FileSystemTraits.soleWriter("telosfs")),
          new FuseConfig(1, 1, 1 << 16, false, Duration.ofSeconds(5)));

  @Test
  void whatWasSentBySomeOtherIsServedBeforeAFlushWhichAllSyncsShare() throws Exception {
    long first = sync();
    long inquiry = statfs();
    long second = sync();
    assertEquals(List.of(inquiry, first, second), answersOf(3));
  }

  @Test
  void whatTakesLongWaitsForTheSyncs() throws Exception {
    long first = sync();
    long second = sync();
    long whole = kernel.request(Opcode.SYNCFS, 1, new byte[8]);
    long inquiry = statfs();
    assertEquals(List.of(first, second, whole, inquiry), answersOf(4));
  }

  @Test
  void aSyncDoesNotWaitForEver() throws Exception {
    long first = sync();
    for (int i = 0; i < 1000; i++) {
      statfs();
    }
    assertTrue(answersOf(1001).indexOf(first) < 100);
  }

  @Test
  void moreSyncsThanAreTakenTogetherAreAllAnswered() throws Exception {
    for (int i = 0; i < 100; i++) {
      sync();
    }
    assertEquals(100, answersOf(100).stream().distinct().count());
  }

  private long sync() {
    return kernel.request(Opcode.FSYNC, 1, SYNC_BODY);
  }

  private long statfs() {
    return kernel.request(Opcode.STATFS, 1, new byte[0]);
  }

  /** Serves what was requested; the requests in the order of the answers. */
  private List<Long> answersOf(int requests) throws InterruptedException {
    session.start();
    Long[] answered = new Long[requests];
    for (int i = 0; i < requests; i++) {
      answered[i] = kernel.reply().unique();
    }
    kernel.unmount();
    assertTrue(session.awaitEnded(Duration.ofSeconds(20)));
    return List.of(answered);
  }
}
