package org.telosfs.posix;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;

/**
 * How every operation runs: one that changes something within an epoch, each with the inodes it
 * names in use. What is to be done under no lock is done when it has left: freeing, committing what
 * waits where that is too much, and looking for space before it is refused.
 */
final class OperationRuns {
  private final Epochs epochs;
  private final InodeTable table;
  private final Orphans orphans;

  OperationRuns(Epochs epochs, InodeTable table, Orphans orphans) {
    this.epochs = epochs;
    this.table = table;
    this.orphans = orphans;
  }

  @FunctionalInterface
  interface Change {
    void run() throws FsException;
  }

  @FunctionalInterface
  interface Operation<T> {
    T run() throws FsException;
  }

  void change(Change operation, InodeNumber... inodes) throws FsException {
    changing(
        () -> {
          operation.run();
          return inodes;
        },
        inodes);
  }

  /** A change, which uses the inodes it names for as long as it runs. */
  @CanIgnoreReturnValue
  <T> T changing(Operation<T> operation, InodeNumber... inodes) throws FsException {
    T result;
    try {
      result = changingOnce(operation, inodes);
    } catch (FsException refused) {
      if (refused.errno() != Errno.ENOSPC || (orphans.isEmpty() && !epochs.mayHoldFreedSpace())) {
        throw refused;
      }
      // What was freed is free once that is durable; an operation that was refused changed nothing.
      orphans.freeUnusedAndWait();
      epochs.sync();
      result = changingOnce(operation, inodes);
    }
    epochs.throttle();
    return result;
  }

  private <T> T changingOnce(Operation<T> operation, InodeNumber... inodes) throws FsException {
    try (Epochs.Entered entered = epochs.enter();
        InodeTable.Uses uses = table.useAll(inodes)) {
      return operation.run();
    } finally {
      orphans.freeIfMany();
    }
  }

  /** What changes nothing needs no epoch. */
  @CanIgnoreReturnValue
  <T> T reading(Operation<T> operation, InodeNumber... inodes) throws FsException {
    try (InodeTable.Uses uses = table.useAll(inodes)) {
      return operation.run();
    } finally {
      orphans.freeIfMany();
    }
  }
}
