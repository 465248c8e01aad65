package org.telosfs.posix;

import java.util.ArrayList;
import java.util.List;
import org.telosfs.block.DataExtent;
import org.telosfs.block.volume.Purpose;
import org.telosfs.block.volume.Reservation;
import org.telosfs.posix.format.FileExtentRecord;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;

/**
 * fallocate(2): reserves, frees and zeroes ranges of files. Callers hold the inode's lock
 * exclusively and are within the epoch.
 */
final class FileAllocation {
  private static final int PAGE_BYTES = DirtyPages.PAGE_BYTES;
  private static final int PAGE_SHIFT = DirtyPages.PAGE_SHIFT;

  private final PosixVolume volume;
  private final Epochs epochs;
  private final FileContent content;
  private final PosixClock clock;

  FileAllocation(PosixVolume volume, Epochs epochs, FileContent content, PosixClock clock) {
    this.volume = volume;
    this.epochs = epochs;
    this.content = content;
    this.clock = clock;
  }

  /** Refused space is refused to {@code caller}. */
  void allocate(
      Caller caller, LiveInode inode, AllocateMode mode, long offsetBytes, long lengthBytes)
      throws FsException {
    InodeRecord record = inode.record();
    if (record.type() != FileType.REGULAR) {
      throw new FsException(record.isDirectory() ? Errno.EISDIR : Errno.ENODEV);
    }
    if (offsetBytes < 0 || lengthBytes <= 0) {
      throw new FsException(Errno.EINVAL, "allocate " + offsetBytes + "+" + lengthBytes);
    }
    if (offsetBytes > FileContent.MAX_BYTES - lengthBytes) {
      throw new FsException(Errno.EFBIG, "allocate to " + offsetBytes + "+" + lengthBytes);
    }
    long end = offsetBytes + lengthBytes;
    switch (mode) {
      case ALLOCATE -> reserveBlocks(caller, inode, offsetBytes, end, true, false);
      case ALLOCATE_KEEP_SIZE -> reserveBlocks(caller, inode, offsetBytes, end, false, false);
      case PUNCH_HOLE -> punch(inode, offsetBytes, end);
      case ZERO_RANGE -> reserveBlocks(caller, inode, offsetBytes, end, true, true);
      case ZERO_RANGE_KEEP_SIZE -> reserveBlocks(caller, inode, offsetBytes, end, false, true);
    }
  }

  private void punch(LiveInode inode, long from, long to) throws FsException {
    long firstWhole = FileContent.blocksOf(from);
    long endWhole = to >> PAGE_SHIFT;
    zeroEdges(inode, from, to);
    try (PosixTransaction tx = volume.begin(Purpose.RELEASE)) {
      InodeRecord record = inode.record();
      FileExtents extents = new FileExtents(tx, inode);
      if (firstWhole < endWhole) {
        extents.cut(firstWhole, endWhole);
      }
      InodeRecord after =
          record.withContent(record.sizeBytes(), record.blocks() + extents.gained(), clock.now());
      tx.putInode(inode, after);
      tx.commit();
      inode.committed(after);
    }
    if (firstWhole < endWhole) {
      content.dropPages(inode, firstWhole, endWhole);
    }
  }

  /** Gives every block of a range a place; with {@code zero}, one that reads as zeros. */
  private void reserveBlocks(
      Caller caller, LiveInode inode, long from, long to, boolean grow, boolean zero)
      throws FsException {
    long firstBlock = from >> PAGE_SHIFT;
    long endBlock = FileContent.blocksOf(to);
    long firstWhole = zero ? FileContent.blocksOf(from) : endBlock;
    long endWhole = zero ? to >> PAGE_SHIFT : endBlock;
    List<long[]> missing = missing(inode, firstBlock, endBlock, firstWhole, endWhole);
    long blocks = missing.stream().mapToLong(gap -> gap[1] - gap[0]).sum();
    try (Reservation space = volume.reserve(blocks)) {
      if (zero) {
        zeroEdges(inode, from, to);
      }
      if (grow && to > inode.record().sizeBytes()) {
        content.zeroStaleTail(inode);
      }
      try (PosixTransaction tx = volume.begin(Purpose.GROW).paidBy(caller)) {
        FileExtents extents = new FileExtents(tx, inode);
        if (firstWhole < endWhole) {
          extents.cut(firstWhole, endWhole);
        }
        long waiting = 0;
        for (long[] gap : missing) {
          waiting += inode.pages().fresh(gap[0], gap[1]);
          putUnwritten(tx, extents, space, gap[0], gap[1] - gap[0]);
        }
        InodeRecord record = inode.record();
        long size = grow ? Math.max(record.sizeBytes(), to) : record.sizeBytes();
        InodeRecord after =
            record.withContent(size, record.blocks() + extents.gained(), clock.now());
        tx.putInode(inode, after);
        tx.settles(inode, waiting);
        tx.commit();
        inode.committed(after);
      }
    }
    missing.forEach(gap -> inode.pages().allocated(gap[0], gap[1]));
    if (firstWhole < endWhole) {
      content.dropPages(inode, firstWhole, endWhole);
    } else {
      epochs.trimReservation(inode);
      inode.pagesChanged();
    }
  }

  /** The gaps of [first, end) without a block; all of [firstWhole, endWhole) counts as one. */
  private List<long[]> missing(
      LiveInode inode, long first, long end, long firstWhole, long endWhole) throws FsException {
    List<long[]> gaps = new ArrayList<>();
    boolean whole = firstWhole < endWhole;
    gaps(inode, first, whole ? firstWhole : end, gaps);
    if (whole) {
      gaps.add(new long[] {firstWhole, endWhole});
      gaps(inode, endWhole, end, gaps);
    }
    return gaps;
  }

  private void gaps(LiveInode inode, long first, long end, List<long[]> gaps) throws FsException {
    PosixMap map = volume.view();
    long at = first;
    while (at < end) {
      PosixMap.PlacedExtent there = map.extentAt(inode.value(), at);
      if (there != null && there.fileBlock() <= at) {
        at = there.end();
        continue;
      }
      long gapEnd = there == null ? end : Math.min(end, there.fileBlock());
      gaps.add(new long[] {at, gapEnd});
      at = gapEnd;
    }
  }

  private static void putUnwritten(
      PosixTransaction tx, FileExtents extents, Reservation space, long fileBlock, long blocks)
      throws FsException {
    long at = fileBlock;
    for (DataExtent extent : tx.allocateUnwritten(space, extents.near(fileBlock), blocks)) {
      for (int done = 0; done < extent.blocks(); ) {
        int part = Math.min(FileExtentRecord.MAX_BLOCKS, extent.blocks() - done);
        extents.put(at, new FileExtentRecord(extent.part(done, part), null));
        at += part;
        done += part;
      }
    }
  }

  /** Zeroes the parts of [from, to) that are no whole blocks, where there is anything. */
  private void zeroEdges(LiveInode inode, long from, long to) throws FsException {
    long size = inode.record().sizeBytes();
    long firstWhole = from + Math.min(-from & PAGE_BYTES - 1, to - from);
    long endWhole = Math.max(to & -PAGE_BYTES, firstWhole);
    zeroWithinBlock(inode, from, Math.min(firstWhole, size));
    zeroWithinBlock(inode, endWhole, Math.min(to, size));
  }

  private void zeroWithinBlock(LiveInode inode, long from, long to) throws FsException {
    if (from < to && DataAndHoles.isData(inode, volume.view(), from >> PAGE_SHIFT)) {
      content.zero(inode, from, (int) (to - from));
    }
  }
}
