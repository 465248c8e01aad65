package org.telosfs.posix;

import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.SeekTarget;

/**
 * Where a file has data and where holes, for lseek(2): a block is data if it waits or has a place,
 * written or not. Callers hold the inode's lock, shared or exclusive.
 */
final class DataAndHoles {
  private static final int PAGE_SHIFT = DirtyPages.PAGE_SHIFT;

  private final PosixVolume volume;

  DataAndHoles(PosixVolume volume) {
    this.volume = volume;
  }

  long seek(LiveInode inode, long offsetBytes, SeekTarget target) throws FsException {
    FileContent.requireContent(inode.record());
    long size = inode.record().sizeBytes();
    if (offsetBytes < 0 || offsetBytes >= size) {
      throw new FsException(Errno.ENXIO);
    }
    PosixMap map = volume.view();
    long block = offsetBytes >> PAGE_SHIFT;
    boolean wantData = target == SeekTarget.DATA;
    long endBlock = FileContent.blocksOf(size);
    while (block < endBlock) {
      if (isData(inode, map, block) == wantData) {
        return Math.max(offsetBytes, block << PAGE_SHIFT);
      }
      block = wantData ? nextData(inode, map, block) : afterExtent(inode, map, block);
    }
    if (wantData) {
      throw new FsException(Errno.ENXIO);
    }
    return size;
  }

  static boolean isData(LiveInode inode, PosixMap map, long block) throws FsException {
    if (inode.pages().page(block) != null) {
      return true;
    }
    PosixMap.PlacedExtent there = map.extentAt(inode.value(), block);
    return there != null && there.fileBlock() <= block;
  }

  /** The first block of data after this one, which is none. */
  private static long nextData(LiveInode inode, PosixMap map, long block) throws FsException {
    Long page = inode.pages().next(block);
    PosixMap.PlacedExtent there = map.extentAt(inode.value(), block);
    return Math.min(
        page == null ? Long.MAX_VALUE : page, there == null ? Long.MAX_VALUE : there.fileBlock());
  }

  private static long afterExtent(LiveInode inode, PosixMap map, long block) throws FsException {
    PosixMap.PlacedExtent there = map.extentAt(inode.value(), block);
    return there != null && there.fileBlock() <= block ? there.end() : block + 1;
  }
}
