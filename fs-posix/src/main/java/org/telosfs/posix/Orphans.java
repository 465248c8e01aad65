package org.telosfs.posix;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.volume.Purpose;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.KeyFamily;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;

/**
 * Inodes without names: freed when their last use is over, or at mount if a crash came first. A
 * large file is freed in several transactions; in between it is still an orphan, so nothing leaks.
 */
final class Orphans {
  private static final System.Logger LOG = System.getLogger(Orphans.class.getName());

  /** Extents freed by one transaction: some 50 KiB of journal. */
  private static final int EXTENTS_AT_ONCE = 1000;

  private final PosixVolume volume;
  private final InodeTable table;

  /** Unused inodes that wait to be freed by somebody who holds no lock. */
  private final Queue<LiveInode> unused;

  private final Epochs epochs;
  private final InodeLocks locks;
  private final PagePool pool;

  Orphans(
      PosixVolume volume,
      InodeTable table,
      Queue<LiveInode> unused,
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

  /** Frees what nobody uses any more; the caller holds no lock and is in no epoch. */
  void freeUnused() {
    for (LiveInode inode = unused.poll(); inode != null; inode = unused.poll()) {
      free(inode);
    }
  }

  /** Frees an inode that nobody uses any more. What fails is left for the next mount. */
  private void free(LiveInode inode) {
    try {
      try (InodeLocks.Held held = locks.write(inode.value())) {
        inode.pages().clear(pool);
        epochs.trimReservation(inode);
      }
      empty(inode.value(), inode.record());
      table.freed(inode);
    } catch (FsException kept) {
      LOG.log(
          System.Logger.Level.DEBUG,
          "inode " + inode.number() + " is left for the next mount: " + kept.getMessage());
    }
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
      InodeRecord record = map.inode(inode);
      empty(inode, record);
    }
    return found.size();
  }

  /** What is unknown of an inode without a record may be so. */
  private void empty(long inode, @Nullable InodeRecord record) throws FsException {
    FileType type = record == null ? FileType.REGULAR : record.type();
    boolean mayShare = record == null || record.has(InodeRecord.MAY_SHARE_BLOCKS);
    boolean done = false;
    while (!done) {
      try (Epochs.Entered entered = epochs.enter();
          PosixTransaction tx = volume.begin(Purpose.RELEASE)) {
        done =
            type != FileType.REGULAR
                || new FileExtents(tx, inode, mayShare).cut(0, Long.MAX_VALUE, EXTENTS_AT_ONCE);
        if (done) {
          XattrRows.removeAll(tx, inode);
          if (type == FileType.SYMLINK) {
            tx.delete(PosixKeys.symlink(inode));
          }
          tx.deleteInode(inode);
          tx.delete(PosixKeys.orphan(inode));
        }
        tx.commit();
      }
      if (!done) {
        epochs.throttle();
      }
    }
  }
}
