package org.telosfs.posix;

import org.jspecify.annotations.Nullable;
import org.telosfs.block.DataExtent;
import org.telosfs.posix.format.FileExtentRecord;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.FsException;

/**
 * The extents of one file within a transaction: cut out what a range holds, put something else
 * there. Counts how many device blocks the file gains or loses by it.
 */
final class FileExtents {
  private final PosixTransaction tx;
  private final long inode;
  private final boolean mayShareBlocks;
  private long gained;

  FileExtents(PosixTransaction tx, LiveInode inode) {
    this(tx, inode.value(), inode.record().has(InodeRecord.MAY_SHARE_BLOCKS));
  }

  FileExtents(PosixTransaction tx, long inode, boolean mayShareBlocks) {
    this.tx = tx;
    this.inode = inode;
    this.mayShareBlocks = mayShareBlocks;
  }

  /** Blocks gained, or if negative lost, so far. */
  long gained() {
    return gained;
  }

  /** Removes what lies in [from, to) and frees its places; what is outside stays. */
  void cut(long from, long to) throws FsException {
    cut(from, to, Long.MAX_VALUE);
  }

  /**
   * As {@link #cut(long, long)}, but stops after {@code most} extents, so that a transaction stays
   * small; returns true if nothing is left in the range.
   */
  boolean cut(long from, long to, long most) throws FsException {
    long touched = 0;
    while (true) {
      PosixMap.PlacedExtent there = tx.extentAt(inode, from);
      if (there == null || there.fileBlock() >= to) {
        return true;
      }
      if (touched++ == most) {
        return false;
      }
      remove(there, from, to);
      if (there.end() >= to) {
        return true;
      }
    }
  }

  /** As {@link #cut(long, long)} where {@code first} is what lies there first; null for nothing. */
  void cut(PosixMap.@Nullable PlacedExtent first, long from, long to) throws FsException {
    if (first != null && first.fileBlock() < to) {
      remove(first, from, to);
      if (first.end() < to) {
        cut(first.end(), to);
      }
    }
  }

  /**
   * Removes everything, but stops after {@code most} extents; returns true if nothing is left.
   *
   * @param blocks how many there are, at most
   */
  boolean cutAll(long blocks, long most) throws FsException {
    for (long touched = 0; gained > -blocks; touched++) {
      PosixMap.PlacedExtent there = tx.extentAt(inode, 0);
      if (there == null) {
        return true;
      }
      if (touched == most) {
        return false;
      }
      remove(there, 0, Long.MAX_VALUE);
    }
    return true;
  }

  private void remove(PosixMap.PlacedExtent there, long from, long to) throws FsException {
    FileExtentRecord record = there.extent();
    int keepBefore = (int) Math.max(0, from - there.fileBlock());
    int keepAfter = (int) Math.max(0, there.end() - to);
    int freed = record.blocks() - keepBefore - keepAfter;
    tx.deleteExtent(inode, there.fileBlock());
    free(record.extent().part(keepBefore, freed));
    if (keepBefore > 0) {
      tx.putExtent(inode, there.fileBlock(), record.part(0, keepBefore));
    }
    if (keepAfter > 0) {
      tx.putExtent(inode, to, record.part(record.blocks() - keepAfter, keepAfter));
    }
    gained -= freed;
  }

  private void free(DataExtent extent) throws FsException {
    if (!mayShareBlocks) {
      tx.free(extent);
      return;
    }
    for (DataExtent unheld : tx.sharedBlocks().remove(extent)) {
      tx.free(unheld);
    }
  }

  /**
   * Takes the part [from, to) out of an extent without freeing its places, for somebody who puts
   * something of the same places back.
   */
  FileExtentRecord detach(PosixMap.PlacedExtent there, long from, long to) {
    FileExtentRecord record = there.extent();
    int before = (int) (from - there.fileBlock());
    int count = (int) (to - from);
    tx.deleteExtent(inode, there.fileBlock());
    if (before > 0) {
      tx.putExtent(inode, there.fileBlock(), record.part(0, before));
    }
    if (there.end() > to) {
      tx.putExtent(inode, to, record.part(before + count, record.blocks() - before - count));
    }
    gained -= count;
    return record.part(before, count);
  }

  /** Puts an extent where nothing lies; joins it with the one before if they go together. */
  void put(long fileBlock, FileExtentRecord record) throws FsException {
    gained += record.blocks();
    PosixMap.PlacedExtent before = fileBlock == 0 ? null : before(fileBlock);
    if (before != null && before.extent().joins(record)) {
      tx.deleteExtent(inode, before.fileBlock());
      tx.putExtent(inode, before.fileBlock(), before.extent().joined(record));
    } else {
      tx.putExtent(inode, fileBlock, record);
    }
  }

  /** Where new blocks at this place of the file had best lie: right behind the ones before. */
  long near(long fileBlock) throws FsException {
    PosixMap.PlacedExtent before = fileBlock == 0 ? null : before(fileBlock);
    return before == null ? -1 : before.extent().extent().endBlock();
  }

  /** The extent that ends where this block begins, or null. */
  private PosixMap.@Nullable PlacedExtent before(long fileBlock) throws FsException {
    return tx.extentOf(inode, fileBlock - 1);
  }
}
