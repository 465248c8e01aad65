package org.telosfs.posix;

import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.AccessTimes;
import org.telosfs.vfs.CacheInvalidator;
import org.telosfs.vfs.Timestamp;

/**
 * Access times. Reading moves them when it has to, in memory; the end of the epoch writes them, and
 * nothing waits for that or fails because of it.
 *
 * <p>What the kernel reads from its own cache does not arrive here. So after a change that the next
 * read has to show, the kernel is asked to drop the first and the last page. Safe for threads.
 */
final class AccessTimeUpdates {
  private final AccessTimes mode;
  private final Epochs epochs;
  private final InodeLocks locks;
  private final PosixClock clock;
  private final CopyOnWriteArrayList<CacheInvalidator> caches = new CopyOnWriteArrayList<>();

  /** Whose next read must not come from a cache. */
  private final Set<LiveInode> unread = ConcurrentHashMap.newKeySet();

  AccessTimeUpdates(AccessTimes mode, Epochs epochs, InodeLocks locks, PosixClock clock) {
    this.mode = mode;
    this.epochs = epochs;
    this.locks = locks;
    this.clock = clock;
  }

  void cachedBy(CacheInvalidator cache) {
    caches.add(cache);
  }

  void noLongerCachedBy(CacheInvalidator cache) {
    caches.remove(cache);
  }

  /** An inode has been read; the caller uses it and holds no lock. */
  void read(LiveInode inode) {
    if (!isDue(inode.record())) {
      return;
    }
    try (Epochs.@Nullable Entered entered = epochs.enterIfWritable()) {
      if (entered != null) {
        move(inode);
      }
    }
  }

  private void move(LiveInode inode) {
    try (InodeLocks.Held held = locks.write(inode.value())) {
      InodeRecord record = inode.record();
      if (isDue(record)) {
        inode.accessed(record.withTimes(clock.now(), record.modified(), record.changed()));
        epochs.waits(inode);
      }
    }
  }

  private boolean isDue(InodeRecord record) {
    return mode != AccessTimes.NONE && isDue(record, clock.now());
  }

  private boolean isDue(InodeRecord record, Timestamp now) {
    return mode.moves(record.accessed(), record.modified(), record.changed(), now);
  }

  /** An inode's content or times have changed. */
  void changed(LiveInode inode) {
    if (mode == AccessTimes.RELATIME && !caches.isEmpty()) {
      unread.add(inode);
    }
  }

  /** A symbolic link's target has been read, which the kernel would keep. */
  void readTarget(LiveInode inode) {
    read(inode);
    if (mode == AccessTimes.STRICT && !caches.isEmpty()) {
      unread.add(inode);
    }
  }

  /** Tells the caches; under no lock. */
  void tellCaches() {
    for (Iterator<LiveInode> left = unread.iterator(); left.hasNext(); ) {
      LiveInode inode = left.next();
      left.remove();
      if (isDue(inode.record()) && !inode.isGone()) {
        caches.forEach(cache -> cache.unread(inode.number(), inode.record().sizeBytes()));
      }
    }
  }
}
