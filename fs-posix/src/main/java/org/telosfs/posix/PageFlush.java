package org.telosfs.posix;

import java.nio.ByteBuffer;
import java.util.Map;
import org.telosfs.block.volume.Purpose;
import org.telosfs.posix.format.FileExtentRecord;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;

/**
 * Gives a file's waiting pages their places at the end of an epoch. Callers hold the inode's lock
 * exclusively and are within the epoch. Safe for threads that flush different files.
 */
final class PageFlush {
  private static final int PAGE_BYTES = DirtyPages.PAGE_BYTES;
  private static final int PAGE_SHIFT = DirtyPages.PAGE_SHIFT;

  private final PosixVolume volume;
  private final Epochs epochs;
  private final PagePool pool;
  private final ThreadLocal<ByteBuffer> runs =
      ThreadLocal.withInitial(
          () -> ByteBuffer.allocateDirect(FileExtentRecord.MAX_BLOCKS * PAGE_BYTES));

  PageFlush(PosixVolume volume, Epochs epochs, PagePool pool) {
    this.volume = volume;
    this.epochs = epochs;
    this.pool = pool;
  }

  /**
   * Gives every waiting page a place and commits that together with the record. Space has been
   * reserved, so only a failing medium can refuse.
   */
  void flush(LiveInode inode) throws FsException {
    if (inode.isGone() || (inode.pages().isEmpty() && !inode.isAhead())) {
      return;
    }
    try (PosixTransaction tx = volume.begin(Purpose.RELEASE)) {
      FileExtents extents = new FileExtents(tx, inode);
      Map<Long, byte[]> pages = inode.pages().all();
      ByteBuffer run = runBuffer(pages.size());
      long runStart = 0;
      for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
        long block = page.getKey();
        long runBlocks = run.position() >> PAGE_SHIFT;
        if (run.position() > 0 && (block != runStart + runBlocks || !run.hasRemaining())) {
          flushRun(tx, inode, extents, runStart, run.flip());
          run.clear();
        }
        if (run.position() == 0) {
          runStart = block;
        }
        run.put(page.getValue());
      }
      if (run.position() > 0) {
        flushRun(tx, inode, extents, runStart, run.flip());
      }
      InodeRecord record = inode.record();
      InodeRecord after = record.withBlocks(record.blocks() + extents.gained());
      tx.putInode(inode.value(), after);
      tx.settles(inode, inode.quotaBlocks);
      tx.commit();
      inode.committed(after);
    } catch (FsException refused) {
      if (refused.errno() != Errno.ENOSPC || !inode.isAheadInAccessTimeAlone()) {
        throw refused;
      }
      return; // Having been read is no reason to fail: the inode's next change writes it.
    }
    inode.pages().clear(pool);
    epochs.trimReservation(inode);
    inode.pagesChanged();
  }

  private ByteBuffer runBuffer(int pages) {
    // Most flushes are of a small file; the large buffer is for streams.
    return pages <= 16 ? ByteBuffer.allocate(Math.max(pages, 1) * PAGE_BYTES) : runs.get().clear();
  }

  private void flushRun(
      PosixTransaction tx, LiveInode inode, FileExtents extents, long fileBlock, ByteBuffer run)
      throws FsException {
    long at = fileBlock;
    long end = fileBlock + (run.remaining() >> PAGE_SHIFT);
    while (at < end) {
      PosixMap.PlacedExtent there = tx.extentAt(inode.value(), at);
      boolean unwritten = there != null && there.fileBlock() <= at && !there.extent().isWritten();
      long partEnd = end;
      if (there != null && unwritten) {
        partEnd = Math.min(end, there.end());
      } else {
        partEnd = nextUnwritten(tx, inode, at, end);
      }
      ByteBuffer part = run.slice(run.position(), (int) (partEnd - at) << PAGE_SHIFT);
      run.position(run.position() + part.remaining());
      if (there != null && unwritten) {
        extents.put(at, tx.writeInto(extents.detach(there, at, partEnd), part));
      } else {
        extents.cut(at, partEnd);
        long block = at;
        for (FileExtentRecord record :
            tx.write(epochs.reservation(inode), extents.near(at), part)) {
          extents.put(block, record);
          block += record.blocks();
        }
      }
      at = partEnd;
    }
  }

  private static long nextUnwritten(PosixTransaction tx, LiveInode inode, long from, long end)
      throws FsException {
    long at = from;
    while (at < end) {
      PosixMap.PlacedExtent there = tx.extentAt(inode.value(), at);
      if (there == null || there.fileBlock() >= end) {
        return end;
      }
      if (!there.extent().isWritten()) {
        return Math.max(at, there.fileBlock());
      }
      at = there.end();
    }
    return end;
  }
}
