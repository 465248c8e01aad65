package org.telosfs.posix;

import java.nio.ByteBuffer;
import org.telosfs.posix.format.FileExtentRecord;
import org.telosfs.vfs.FsException;

/**
 * Reads files: from waiting pages, from extents, and zeros from holes. Callers hold the inode's
 * lock, shared or exclusive.
 */
final class ContentReader {
  private static final int PAGE_BYTES = DirtyPages.PAGE_BYTES;
  private static final int PAGE_SHIFT = DirtyPages.PAGE_SHIFT;

  private final PosixVolume volume;

  ContentReader(PosixVolume volume) {
    this.volume = volume;
  }

  int read(LiveInode inode, long offsetBytes, ByteBuffer into) throws FsException {
    FileContent.requireContent(inode.record());
    long end = Math.min(inode.record().sizeBytes(), saturatedSum(offsetBytes, into.remaining()));
    if (offsetBytes >= end) {
      return 0;
    }
    int start = into.position();
    int limit = into.limit();
    into.limit(start + (int) (end - offsetBytes));
    try {
      readAll(inode, offsetBytes, into);
    } finally {
      into.limit(limit);
    }
    return into.position() - start;
  }

  /** Fills {@code into}, which does not reach beyond what the file may hold. */
  private void readAll(LiveInode inode, long offsetBytes, ByteBuffer into) throws FsException {
    PosixMap map = volume.view();
    long at = offsetBytes;
    while (into.hasRemaining()) {
      long block = at >> PAGE_SHIFT;
      int within = (int) (at & PAGE_BYTES - 1);
      byte[] page = inode.pages().page(block);
      if (page != null) {
        int bytes = Math.min(PAGE_BYTES - within, into.remaining());
        into.put(page, within, bytes);
        at += bytes;
        continue;
      }
      at += readRun(inode, map, block, within, into);
    }
  }

  /** Reads from what is no waiting page, up to the next one or a change of extent. */
  private int readRun(LiveInode inode, PosixMap map, long block, int within, ByteBuffer into)
      throws FsException {
    Long nextPage = inode.pages().next(block);
    long blocks = ((long) within + into.remaining() + PAGE_BYTES - 1) >> PAGE_SHIFT;
    long end = Math.min(block + blocks, nextPage == null ? Long.MAX_VALUE : nextPage);
    PosixMap.PlacedExtent there = map.extentAt(inode.value(), block);
    boolean hole = there == null || there.fileBlock() > block;
    if (there != null) {
      end = Math.min(end, hole ? there.fileBlock() : there.end());
    }
    int bytes = (int) Math.min(((end - block) << PAGE_SHIFT) - within, into.remaining());
    if (there == null || hole || !there.extent().isWritten()) {
      putZeros(into, bytes);
    } else {
      readExtent(there, block, within, bytes, into);
    }
    return bytes;
  }

  private void readExtent(
      PosixMap.PlacedExtent there, long block, int within, int bytes, ByteBuffer into)
      throws FsException {
    int first = (int) (block - there.fileBlock());
    int head = within == 0 ? 0 : Math.min(PAGE_BYTES - within, bytes);
    if (head > 0) {
      readPartOfBlock(there.extent(), first++, within, head, into);
    }
    int whole = (bytes - head) & -PAGE_BYTES;
    if (whole > 0) {
      int limit = into.limit();
      into.limit(into.position() + whole);
      volume.read(there.extent(), first, into);
      into.limit(limit);
      first += whole >> PAGE_SHIFT;
    }
    int tail = bytes - head - whole;
    if (tail > 0) {
      readPartOfBlock(there.extent(), first, 0, tail, into);
    }
  }

  private void readPartOfBlock(
      FileExtentRecord extent, int block, int within, int bytes, ByteBuffer into)
      throws FsException {
    byte[] page = new byte[PAGE_BYTES];
    volume.read(extent, block, ByteBuffer.wrap(page));
    into.put(page, within, bytes);
  }

  private static void putZeros(ByteBuffer into, int bytes) {
    int at = into.position();
    int end = at + bytes;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      into.putLong(at, 0);
    }
    for (; at < end; at++) {
      into.put(at, (byte) 0);
    }
    into.position(end);
  }

  private static long saturatedSum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
