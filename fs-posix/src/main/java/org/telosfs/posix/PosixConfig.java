package org.telosfs.posix;

import java.time.Duration;
import java.time.InstantSource;
import org.telosfs.vfs.AccessTimes;

/**
 * How a filesystem behaves.
 *
 * @param clock of all times in the tree
 * @param background a thread ends epochs; without it only syncs and full buffers do, which makes a
 *     run repeatable
 * @param readOnly every change is refused
 * @param accessTimes when reading moves them
 * @param idleDelay an epoch ends so long after the first change that waits, to survive a killed
 *     process
 * @param flushInterval what waits is made durable so often, to survive a power loss
 * @param dirtyBytes data that may wait in memory; writers wait beyond it
 * @param idleInodes that stay in memory though only the kernel knows them
 */
public record PosixConfig(
    InstantSource clock,
    boolean background,
    boolean readOnly,
    AccessTimes accessTimes,
    Duration idleDelay,
    Duration flushInterval,
    long dirtyBytes,
    int idleInodes) {
  private static final long DEFAULT_DIRTY_BYTES = 64L << 20;

  /** An idle inode takes about one KiB, and all of them a tenth of the heap. */
  private static final int HEAP_BYTES_FOR_AN_INODE = 10 << 10;

  /** Tests let go of inodes all the time. */
  private static final int FEW_INODES = 4;

  public PosixConfig {
    if (dirtyBytes < 1 << 20) {
      throw new IllegalArgumentException("dirtyBytes=" + dirtyBytes + " is below 1 MiB");
    }
  }

  /** For a mount. */
  public static PosixConfig standard() {
    return new PosixConfig(
        InstantSource.system(),
        true,
        false,
        AccessTimes.RELATIME,
        Duration.ofMillis(20),
        Duration.ofSeconds(5),
        DEFAULT_DIRTY_BYTES,
        (int) Math.min(1 << 20, Runtime.getRuntime().maxMemory() / HEAP_BYTES_FOR_AN_INODE));
  }

  /** Without threads of its own. */
  public static PosixConfig deterministic(InstantSource clock) {
    return new PosixConfig(
        clock,
        false,
        false,
        AccessTimes.RELATIME,
        Duration.ofMillis(20),
        Duration.ofSeconds(5),
        DEFAULT_DIRTY_BYTES,
        FEW_INODES);
  }

  /** The same for a tree that must not change. */
  public PosixConfig asReadOnly() {
    return new PosixConfig(
        clock, background, true, accessTimes, idleDelay, flushInterval, dirtyBytes, idleInodes);
  }

  /** The same with access times of another kind. */
  public PosixConfig with(AccessTimes value) {
    return new PosixConfig(
        clock, background, readOnly, value, idleDelay, flushInterval, dirtyBytes, idleInodes);
  }
}
