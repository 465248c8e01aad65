package org.telosfs.posix;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.volume.Purpose;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.KeyFamily;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;

/**
 * Inodes without names: freed soon after their last use is over, many at a time, or at mount if a
 * crash came first. A large file is freed in several transactions; in between it is still an
 * orphan, so nothing leaks.
 */
final class Orphans {
  private static final System.Logger LOG = System.getLogger(Orphans.class.getName());

  /** Extents freed by one transaction: some 50 KiB of journal. */
  private static final int EXTENTS_AT_ONCE = 1000;

  /** Inodes freed by one transaction. */
  private static final int INODES_AT_ONCE = 64;

  private static final int PATIENCE_SECONDS = 5;

  /** Of an inode, an extent, and the note that it is an orphan. */
  private static final int ROWS = 3;

  private final PosixVolume volume;
  private final InodeTable table;

  private final UnusedInodes unused;
  private final Epochs epochs;
  private final InodeLocks locks;
  private final PagePool pool;

  /**
   * Held by whoever frees; taken before any other lock, and waited for only outside all of them.
   */
  private final ReentrantLock freeing = new ReentrantLock();

  Orphans(
      PosixVolume volume,
      InodeTable table,
      UnusedInodes unused,
      Epochs epochs,
      InodeLocks locks,
      PagePool pool) {
    this.volume = volume;
    this.table = table;
    this.unused = unused;
    this.epochs = epochs;
    this.locks = locks;
    this.pool = pool;
  }

  /** Whether no inode is still to be freed, or being freed. */
  boolean isEmpty() {
    return unused.count() == 0 && !freeing.isLocked();
  }

  /** Frees what nobody uses any more if that is much, else soon. */
  void freeIfMany() {
    int count = unused.count();
    if (count >= INODES_AT_ONCE
        || unused.blocks() >= EXTENTS_AT_ONCE
        || (count > 0 && volume.quotas().isStarted())) {
      freeUnused(); // What quotas count is to be right at every moment.
    } else if (count > 0) {
      epochs.wake();
    }
  }

  /**
   * Frees what nobody uses any more, unless somebody is at it; the caller holds no lock and is in
   * no epoch.
   */
  void freeUnused() {
    while (unused.count() > 0 && freeing.tryLock()) {
      freeAllAndUnlock();
    }
  }

  /**
   * The same, but waits for who is at it, so that what it frees can be counted on: for some seconds
   * at most, as a file of many extents takes its time. Not for the thread that ends epochs, whom
   * freeing may wait for.
   */
  void freeUnusedAndWait() {
    try {
      if (freeing.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        freeAllAndUnlock();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void freeAllAndUnlock() {
    try {
      List<LiveInode> inodes = new ArrayList<>();
      while (take(inodes)) {
        free(inodes);
        inodes = new ArrayList<>();
      }
    } finally {
      freeing.unlock();
    }
  }

  /** Takes some that fit into one transaction, or one that does not. */
  private boolean take(List<LiveInode> inodes) {
    long blocks = 0;
    LiveInode next = unused.next();
    while (next != null && inodes.size() < INODES_AT_ONCE) {
      blocks += next.record().blocks();
      if (!inodes.isEmpty() && blocks > EXTENTS_AT_ONCE) {
        break;
      }
      // Another thread may have taken the one that was seen; the one behind it is as good.
      LiveInode taken = unused.take();
      if (taken == null) {
        break;
      }
      inodes.add(taken);
      next = unused.next();
    }
    return !inodes.isEmpty();
  }

  /** Frees inodes that nobody uses any more. What fails is left for the next mount. */
  private void free(List<LiveInode> inodes) {
    try {
      boolean done = false;
      while (!done) {
        done = freeSome(inodes);
        if (!done) {
          epochs.throttle();
        }
      }
      inodes.forEach(table::freed);
    } catch (FsException refused) {
      inodes.forEach(this::freeAlone);
    }
  }

  /** A small transaction finds room where a large one does not, at least when nothing waits. */
  private void freeAlone(LiveInode inode) {
    try {
      epochs.end();
      boolean done = false;
      while (!done) {
        done = freeSome(List.of(inode));
      }
      table.freed(inode);
    } catch (FsException kept) {
      LOG.log(
          System.Logger.Level.DEBUG,
          "inode " + inode.number() + " is left for the next mount: " + kept.getMessage());
    }
  }

  /** Frees all of some inodes in one transaction, or if that would be large a part of them. */
  private boolean freeSome(List<LiveInode> inodes) throws FsException {
    boolean done = true;
    long[] numbers = new long[inodes.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = inodes.get(i).value();
    }
    try (Epochs.Entered entered = epochs.enter();
        InodeLocks.Held held = locks.write(numbers);
        PosixTransaction tx = volume.beginLarge(Purpose.RELEASE, inodes.size() * ROWS)) {
      for (LiveInode inode : inodes) {
        inode.pages().clear(pool);
        epochs.trimReservation(inode);
        if (!inode.isFreed() && !hasNoRows(inode)) {
          boolean noted = inode.isStoredAsOrphan();
          done &= remove(tx, inode.value(), inode.record(), inode.record().blocks(), noted);
        }
      }
      tx.commit();
      if (done) {
        inodes.forEach(LiveInode::setFreed);
      }
    }
    return done;
  }

  /** True if it was made and removed in one epoch, and left nothing beside its record. */
  private static boolean hasNoRows(LiveInode inode) {
    InodeRecord record = inode.record();
    return !inode.isStored()
        && record.type() != FileType.SYMLINK
        && !record.has(InodeRecord.MAY_HAVE_XATTRS);
  }

  /** Frees what a crash has left behind; returns how many inodes. */
  int emptyAll() throws FsException {
    List<Long> found = new ArrayList<>();
    byte[] from = PosixKeys.first(KeyFamily.ORPHAN);
    PosixMap map = volume.view();
    for (PosixMap.Row row = map.ceiling(from);
        row != null && row.key()[0] == KeyFamily.ORPHAN.code();
        row = map.ceiling(from)) {
      long inode = PosixKeys.inodeOf(row.key());
      found.add(inode);
      from = PosixKeys.orphan(inode + 1);
    }
    for (long inode : found) {
      empty(inode, volume.view().inode(inode));
    }
    return found.size();
  }

  private void empty(long inode, @Nullable InodeRecord record) throws FsException {
    boolean done = false;
    while (!done) {
      try (Epochs.Entered entered = epochs.enter();
          PosixTransaction tx = volume.begin(Purpose.RELEASE)) {
        done = remove(tx, inode, record, Long.MAX_VALUE, true);
        tx.commit();
      }
      if (!done) {
        epochs.throttle();
      }
    }
  }

  /**
   * Removes an inode's rows, or as many of its extents as fit into a transaction. What is unknown
   * of an inode without a record may be so.
   *
   * @param blocks that it has, at most
   * @param noted the volume says that it is an orphan
   * @return true if nothing is left
   */
  private static boolean remove(
      PosixTransaction tx, long inode, @Nullable InodeRecord record, long blocks, boolean noted)
      throws FsException {
    FileType type = record == null ? FileType.REGULAR : record.type();
    boolean mayShare = record == null || record.has(InodeRecord.MAY_SHARE_BLOCKS);
    if (type == FileType.REGULAR
        && blocks > 0
        && !new FileExtents(tx, inode, mayShare).cutAll(blocks, EXTENTS_AT_ONCE)) {
      return false;
    }
    if (record == null || record.has(InodeRecord.MAY_HAVE_XATTRS)) {
      XattrRows.removeAll(tx, inode);
    }
    if (type == FileType.SYMLINK) {
      tx.delete(PosixKeys.symlink(inode));
    }
    tx.deleteInode(inode);
    if (noted) {
      tx.delete(PosixKeys.orphan(inode));
    }
    return true;
  }
}
