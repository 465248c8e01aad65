package org.telosfs.posix;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.volume.ExtentStore;
import org.telosfs.posix.format.FileExtentRecord;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;

/**
 * Gives waiting pages their places and commits waiting records. Callers hold the inodes' locks
 * exclusively and are within the epoch. Safe for threads that flush different inodes.
 */
final class PageFlush implements Epochs.Flusher {
  /** Pages of a file that one transaction gives places, while its writers wait: 2 MiB. */
  private static final int PAGES_AT_ONCE = 512;

  /** Blocks side by side are written together, up to this many bytes. */
  private static final int ROOM_BYTES = 256 << 10;

  private final PosixVolume volume;
  private final Epochs epochs;
  private final PagePool pool;
  private final ThreadLocal<ByteBuffer> rooms =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(ROOM_BYTES));

  PageFlush(PosixVolume volume, Epochs epochs, PagePool pool) {
    this.volume = volume;
    this.epochs = epochs;
    this.pool = pool;
  }

  /** Gives every waiting page of an inode its place, and commits its record. */
  void flush(LiveInode inode) throws FsException {
    while (waits(inode)) {
      flushAtOnce(List.of(inode));
    }
  }

  @Override
  public void flushSome(List<LiveInode> inodes) throws FsException {
    List<LiveInode> waiting = new ArrayList<>(inodes.size());
    for (LiveInode inode : inodes) {
      if (waits(inode)) {
        waiting.add(inode);
      }
    }
    if (volume.quotas().isStarted()) {
      for (LiveInode inode : waiting) {
        flushAtOnce(List.of(inode)); // A transaction is charged for the pages of one file.
      }
    } else if (!waiting.isEmpty()) {
      flushTogether(waiting);
    }
  }

  private void flushTogether(List<LiveInode> inodes) throws FsException {
    try {
      flushAtOnce(inodes);
    } catch (FsException refused) {
      if (refused.errno() != Errno.ENOSPC || inodes.size() == 1) {
        throw refused;
      }
      for (LiveInode inode : inodes) {
        flushAtOnce(List.of(inode)); // A small transaction finds room where a large one does not.
      }
    }
  }

  @Override
  public boolean waits(LiveInode inode) {
    // What nobody can reach any more is freed or about to be: its pages need no place, but until
    // then its record does.
    return !inode.isFreed() && (inode.isAhead() || (!inode.isGone() && !inode.pages().isEmpty()));
  }

  /**
   * Commits the records of some inodes, and gives places to their pages, or to the first of them.
   * Space has been reserved, so only a failing medium can refuse.
   */
  private void flushAtOnce(List<LiveInode> inodes) throws FsException {
    List<InodeRecord> records = new ArrayList<>(inodes.size());
    List<Long> ends = new ArrayList<>(inodes.size());
    try (PosixTransaction tx = volume.beginWriteBack(inodes.size())) {
      for (LiveInode inode : inodes) {
        InodeRecord record = inode.record();
        long end = 0;
        if (!inode.isGone() && !inode.pages().isEmpty()) {
          FileExtents extents = new FileExtents(tx, inode);
          end = putPages(tx, inode, extents);
          record = record.withBlocks(record.blocks() + extents.gained());
        }
        tx.putInode(inode, record);
        if (volume.quotas().isStarted()) {
          tx.settles(inode, inode.pages().fresh(0, end));
        }
        records.add(record);
        ends.add(end);
      }
      tx.commit();
    } catch (FsException refused) {
      boolean unimportant = inodes.size() == 1 && inodes.get(0).isAheadInAccessTimeAlone();
      if (refused.errno() != Errno.ENOSPC || !unimportant) {
        throw refused;
      }
      inodes.get(0).leaveAccessTime();
      return; // Having been read is no reason to fail: the inode's next change writes it.
    }
    for (int i = 0; i < inodes.size(); i++) {
      LiveInode inode = inodes.get(i);
      inode.committed(records.get(i));
      if (ends.get(i) > 0) {
        inode.pages().drop(0, ends.get(i), pool);
        epochs.trimReservation(inode);
        inode.pagesChanged();
      }
    }
  }

  /** Puts the first pages; returns the block after the last of them. */
  private long putPages(PosixTransaction tx, LiveInode inode, FileExtents extents)
      throws FsException {
    List<byte[]> run = new ArrayList<>();
    long runStart = 0;
    long end = 0;
    int count = 0;
    for (Map.Entry<Long, byte[]> page : inode.pages().all().entrySet()) {
      if (count++ == PAGES_AT_ONCE) {
        break;
      }
      long block = page.getKey();
      if (!run.isEmpty() && (block != end || run.size() == FileExtentRecord.MAX_BLOCKS)) {
        putRun(tx, inode, extents, runStart, run);
        run.clear();
      }
      if (run.isEmpty()) {
        runStart = block;
      }
      run.add(page.getValue());
      end = block + 1;
    }
    putRun(tx, inode, extents, runStart, run);
    return end;
  }

  private void putRun(
      PosixTransaction tx, LiveInode inode, FileExtents extents, long fileBlock, List<byte[]> pages)
      throws FsException {
    if (inode.record().blocks() == 0) {
      put(tx, inode, extents, fileBlock, pages); // Nothing lies there.
      return;
    }
    long at = fileBlock;
    long end = fileBlock + pages.size();
    while (at < end) {
      PosixMap.PlacedExtent there = tx.extentAt(inode.value(), at);
      boolean unwritten = there != null && there.fileBlock() <= at && !there.extent().isWritten();
      long partEnd =
          there != null && unwritten
              ? Math.min(end, there.end())
              : nextUnwritten(tx, inode, there, end);
      List<byte[]> part = pages.subList((int) (at - fileBlock), (int) (partEnd - fileBlock));
      if (there != null && unwritten) {
        FileExtentRecord room = extents.detach(there, at, partEnd);
        extents.put(at, tx.writeInto(room, part, rooms.get()));
      } else {
        extents.cut(there, at, partEnd);
        put(tx, inode, extents, at, part);
      }
      at = partEnd;
    }
  }

  private void put(
      PosixTransaction tx, LiveInode inode, FileExtents extents, long fileBlock, List<byte[]> pages)
      throws FsException {
    long block = fileBlock;
    // Scattered pages side by side are one write; beside their neighbours in the file one each.
    long near = inode.pages().areScattered() ? ExtentStore.ANYWHERE : extents.near(fileBlock);
    for (FileExtentRecord record : tx.write(epochs.reservation(inode), near, pages, rooms.get())) {
      extents.put(block, record);
      block += record.blocks();
    }
  }

  /** Where unwritten space begins, at {@code first} or behind it, or {@code end}. */
  private static long nextUnwritten(
      PosixTransaction tx, LiveInode inode, PosixMap.@Nullable PlacedExtent first, long end)
      throws FsException {
    PosixMap.PlacedExtent there = first;
    while (there != null && there.fileBlock() < end) {
      if (!there.extent().isWritten()) {
        return there.fileBlock();
      }
      there = there.end() < end ? tx.extentAt(inode.value(), there.end()) : null;
    }
    return end;
  }
}
