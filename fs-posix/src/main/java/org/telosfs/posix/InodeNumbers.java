package org.telosfs.posix;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.telosfs.posix.format.PosixHeader;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.vfs.FsException;

/**
 * Gives out inode numbers, each once in the life of the filesystem. The header holds a limit above
 * all of them, raised in steps, so that a create does not touch it each time. Safe for threads.
 */
final class InodeNumbers {
  private static final long STEP = 4096;

  @GuardedBy("this")
  private long features;

  @GuardedBy("this")
  private long next;

  @GuardedBy("this")
  private long limit;

  InodeNumbers(PosixHeader header) {
    this.features = header.features();
    this.next = header.inodeLimit();
    this.limit = header.inodeLimit();
  }

  /**
   * A new number. If the transaction that raises the limit is discarded, the limit on disk stays
   * behind, so every transaction that gets a number above the committed limit raises it too.
   */
  synchronized long next(PosixTransaction tx) throws FsException {
    long number = next++;
    if (number >= limit) {
      // A multiple, so that transactions that raise it at once agree whichever comes last.
      long raised = (number / STEP + 1) * STEP;
      tx.put(PosixKeys.header(), new PosixHeader(features, raised).encode());
      tx.onCommit(() -> raised(raised));
    }
    return number;
  }

  /**
   * The header says from now on that these features are in use; no number is asked for meanwhile.
   */
  synchronized void addFeatures(PosixTransaction tx, long more) {
    tx.put(PosixKeys.header(), new PosixHeader(features | more, limit).encode());
    tx.onCommit(() -> added(more));
  }

  private synchronized void added(long more) {
    features |= more;
  }

  private synchronized void raised(long newLimit) {
    limit = Math.max(limit, newLimit);
  }
}
