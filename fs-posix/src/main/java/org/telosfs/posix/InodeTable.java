package org.telosfs.posix;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;

/**
 * The inodes in use. Each use (a lookup that the kernel owes a forget for, a running operation,
 * changes that wait) is counted; at zero the inode leaves the table, and one without names is
 * handed to be freed. Safe for threads.
 */
final class InodeTable {
  private final ConcurrentHashMap<Long, LiveInode> live = new ConcurrentHashMap<>();
  private final PosixVolume volume;
  private final UnusedInodes unused;

  /**
   * @param unused takes an inode whose last use is over and that has no name; it is then in
   *     nobody's reach, and {@link #freed} takes it out
   */
  InodeTable(PosixVolume volume, UnusedInodes unused) {
    this.volume = volume;
    this.unused = unused;
  }

  /** A use of an inode for the time of an operation. */
  final class Use implements AutoCloseable {
    private final LiveInode inode;
    private boolean kept;

    private Use(LiveInode inode) {
      this.inode = inode;
    }

    LiveInode inode() {
      return inode;
    }

    /** The use goes on as a lookup, which a forget ends. */
    void keep() {
      kept = true;
    }

    @Override
    public void close() {
      if (!kept) {
        forget(inode.value(), 1);
      }
    }
  }

  /**
   * Uses an inode, read from the volume if it is not in use yet.
   *
   * @throws FsException ESTALE if there is none; EIO
   */
  Use use(long number) throws FsException {
    LiveInode found = useIfThere(number);
    if (found == null) {
      throw new FsException(Errno.ESTALE, "inode " + Long.toUnsignedString(number));
    }
    return new Use(found);
  }

  /** Uses of all inodes that an operation names, for as long as it runs. */
  final class Uses implements AutoCloseable {
    private final InodeNumber[] used;
    private int count;

    private Uses(InodeNumber[] wanted) throws FsException {
      this.used = wanted;
      try {
        for (InodeNumber number : wanted) {
          use(number.value()).keep();
          count++;
        }
      } catch (FsException refusal) {
        close();
        throw refusal;
      }
    }

    @Override
    public void close() {
      while (count > 0) {
        forget(used[--count].value(), 1);
      }
    }
  }

  /**
   * Uses several inodes.
   *
   * @throws FsException ESTALE if one does not exist; EIO
   */
  Uses useAll(InodeNumber... numbers) throws FsException {
    return new Uses(numbers);
  }

  /** As {@link #use}; null if there is no such inode any more. */
  @Nullable Use useIfExists(long number) throws FsException {
    LiveInode found = useIfThere(number);
    return found == null ? null : new Use(found);
  }

  private @Nullable LiveInode useIfThere(long number) throws FsException {
    FsException[] failure = new FsException[1];
    // Read under the map's lock: nobody changes an inode that is not in the table.
    LiveInode found =
        live.compute(
            number,
            (key, there) -> {
              LiveInode inode = there;
              if (inode == null) {
                inode = read(number, failure);
              }
              if (inode != null && !inode.isGone()) {
                inode.uses++;
              }
              return inode;
            });
    if (failure[0] != null) {
      throw failure[0];
    }
    return found == null || found.isGone() ? null : found;
  }

  private @Nullable LiveInode read(long number, FsException[] failure) {
    try {
      InodeRecord record = volume.view().inode(number);
      // One without names that nobody uses is gone, though a crash may have left its record.
      return record == null || record.links() == 0
          ? null
          : new LiveInode(new InodeNumber(number), record, true);
    } catch (FsException failed) {
      failure[0] = failed;
      return null;
    }
  }

  /**
   * Enters an inode that an operation makes, used once.
   *
   * @param stored its record is committed with its name; else the end of the epoch puts it
   */
  Use add(long number, InodeRecord record, boolean stored) {
    LiveInode made =
        live.compute(
            number,
            (key, there) -> {
              // A listing may have been faster to find what has just been committed.
              LiveInode inode =
                  there == null ? new LiveInode(new InodeNumber(number), record, stored) : there;
              inode.uses++;
              return inode;
            });
    return new Use(made);
  }

  /**
   * An inode that the caller knows to be in use.
   *
   * @throws FsException ESTALE if it is not
   */
  LiveInode require(InodeNumber number) throws FsException {
    LiveInode inode = live.get(number.value());
    if (inode == null || inode.isGone()) {
      throw new FsException(Errno.ESTALE, "inode " + number);
    }
    return inode;
  }

  /** Counts one more use of an inode that is in use. */
  void useAgain(LiveInode inode) {
    live.computeIfPresent(
        inode.value(),
        (key, there) -> {
          there.uses++;
          return there;
        });
  }

  /** Ends uses of an inode. */
  void forget(long number, long uses) {
    live.computeIfPresent(
        number,
        (key, inode) -> {
          inode.uses = Math.max(0, inode.uses - uses);
          return keptOrUnused(inode);
        });
  }

  /** The inode has changes that wait: it stays. */
  void keepWaiting(LiveInode inode) {
    live.computeIfPresent(
        inode.value(),
        (key, there) -> {
          there.keptWaiting++;
          return there;
        });
  }

  /** The changes of the inode wait no more. */
  void waitedFor(LiveInode inode) {
    live.computeIfPresent(
        inode.value(),
        (key, there) -> {
          there.keptWaiting--;
          return keptOrUnused(there);
        });
  }

  /** The inode if it stays in the table; null if it leaves. */
  private @Nullable LiveInode keptOrUnused(LiveInode inode) {
    if (inode.uses > 0 || inode.isGone()) {
      return inode;
    }
    if (inode.record().links() == 0) {
      // It stays until it is freed, so that nobody reads it anew meanwhile; what waits is dropped.
      inode.setGone();
      unused.add(inode);
      return inode;
    }
    return inode.keptWaiting > 0 ? inode : null;
  }

  /** An inode does not exist any more. */
  void freed(LiveInode inode) {
    live.remove(inode.value(), inode);
  }

  /** Inodes in use. */
  int size() {
    return live.size();
  }
}
