package org.telosfs.posix;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.LookupCounts;

/**
 * The inodes in use. Each use (a lookup that the kernel owes a forget for, a running operation,
 * changes that wait) is counted; at zero the inode leaves the table, and one without names is
 * handed to be freed. Of inodes that only the kernel knows, which may be all there are, some stay
 * in memory and of the rest just the lookups. Safe for threads.
 */
final class InodeTable {
  private final ConcurrentHashMap<Long, LiveInode> live = new ConcurrentHashMap<>();
  private final LookupCounts idle = new LookupCounts();

  /** Inodes in memory, in the order in which they came or were last looked at. */
  private final ConcurrentLinkedQueue<LiveInode> ring = new ConcurrentLinkedQueue<>();

  private final AtomicInteger ringSize = new AtomicInteger();
  private final PosixVolume volume;
  private final UnusedInodes unused;
  private final int most;

  /**
   * A table.
   *
   * @param unused takes an inode whose last use is over and that has no name; it is then in
   *     nobody's reach, and {@link #freed} takes it out
   * @param most inodes that stay in memory though no operation uses them, roughly
   */
  InodeTable(PosixVolume volume, UnusedInodes unused, int most) {
    this.volume = volume;
    this.unused = unused;
    this.most = most;
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
      endUse(inode.value(), kept ? 1 : 0);
    }
  }

  /**
   * Uses an inode, read from the volume if it is not in use yet.
   *
   * @throws FsException ESTALE if there is none; EIO
   */
  Use use(long number) throws FsException {
    return new Use(requireUse(number));
  }

  private LiveInode requireUse(long number) throws FsException {
    LiveInode found = useIfThere(number);
    if (found == null) {
      throw new FsException(Errno.ESTALE, "inode " + Long.toUnsignedString(number));
    }
    return found;
  }

  /** Uses of all inodes that an operation names, for as long as it runs. */
  final class Uses implements AutoCloseable {
    private final InodeNumber[] used;
    private int count;

    private Uses(InodeNumber[] wanted) throws FsException {
      this.used = wanted;
      try {
        for (InodeNumber number : wanted) {
          requireUse(number.value());
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
        endUse(used[--count].value(), 0);
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

  /** Counts a lookup, which a forget ends, of an inode; null if there is none any more. */
  @Nullable LiveInode lookUp(long number) throws FsException {
    return find(number, 0, 1);
  }

  private @Nullable LiveInode useIfThere(long number) throws FsException {
    return find(number, 1, 0);
  }

  private @Nullable LiveInode find(long number, int moreUses, int moreLookups) throws FsException {
    FsException[] failure = new FsException[1];
    boolean[] isNew = new boolean[1];
    // Read under the map's lock: nobody changes an inode that is not in the table.
    LiveInode found =
        live.compute(
            number,
            (key, there) -> {
              LiveInode inode = there;
              if (inode == null) {
                inode = read(number, failure);
                isNew[0] = inode != null;
              }
              if (inode != null && !inode.isGone()) {
                inode.uses += moreUses;
                inode.lookups += moreLookups;
              }
              return inode;
            });
    if (failure[0] != null) {
      throw failure[0];
    }
    if (found != null && isNew[0]) {
      entered(found);
    }
    return found == null || found.isGone() ? null : found;
  }

  private @Nullable LiveInode read(long number, FsException[] failure) {
    try {
      InodeRecord record = volume.view().inode(number);
      // One without names that nobody uses is gone, though a crash may have left its record.
      if (record == null || record.links() == 0) {
        return null;
      }
      LiveInode inode = new LiveInode(new InodeNumber(number), record, true);
      inode.lookups = idle.take(number);
      return inode;
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
    LiveInode made = new LiveInode(new InodeNumber(number), record, stored);
    made.uses = 1;
    if (live.putIfAbsent(number, made) != null) {
      throw new IllegalStateException("inode " + number + " was there before it was made");
    }
    entered(made);
    return new Use(made);
  }

  // ---- what stays in memory

  /** An inode is in memory from now on, for which others may have to go. */
  private void entered(LiveInode inode) {
    ring.add(inode);
    if (ringSize.incrementAndGet() > most) {
      letGo();
      letGo();
    }
  }

  /** Lets the inode go that has been in memory for longest, if only the kernel knows it. */
  private void letGo() {
    LiveInode oldest = ring.poll();
    if (oldest == null) {
      return;
    }
    LiveInode left =
        live.computeIfPresent(
            oldest.value(),
            (key, there) -> {
              if (there != oldest || !isIdle(there)) {
                return there;
              }
              idle.add(key, there.lookups);
              return null;
            });
    if (left == oldest) {
      ring.add(oldest);
    } else {
      ringSize.decrementAndGet();
    }
  }

  private static boolean isIdle(LiveInode inode) {
    return inode.uses == 0 && inode.keptWaiting == 0 && inode.isClean();
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

  /** Counts one more lookup of an inode that is in use. */
  void lookedUpAgain(LiveInode inode) {
    live.computeIfPresent(
        inode.value(),
        (key, there) -> {
          there.lookups++;
          return there;
        });
  }

  /** Ends an operation's use of an inode. */
  private void endUse(long number, int moreLookups) {
    live.computeIfPresent(
        number,
        (key, inode) -> {
          inode.uses--;
          inode.lookups += moreLookups;
          return keptOrUnused(inode);
        });
  }

  /** The kernel forgets lookups of an inode. */
  void forget(long number, long lookups) {
    live.compute(
        number,
        (key, inode) -> {
          if (inode != null) {
            inode.lookups = Math.max(0, inode.lookups - lookups);
            return keptOrUnused(inode);
          }
          idle.subtract(number, lookups);
          return null;
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
    if (inode.uses > 0 || inode.lookups > 0 || inode.isGone()) {
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
    return live.size() + Math.toIntExact(idle.size());
  }
}
