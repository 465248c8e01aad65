package org.telosfs.posix;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.volume.Purpose;
import org.telosfs.posix.format.FileExtentRecord;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;

/**
 * copy_file_range(2). Whole blocks are not copied: the target refers to those of the source, and a
 * hole becomes a hole; whoever writes later writes to a fresh place. Only what does not lie on
 * block boundaries in both files, waits for its place, or is allocated and unwritten is copied byte
 * by byte. Callers hold both inodes' locks exclusively and are within the epoch.
 */
final class RangeCopy {
  private static final int PAGE_BYTES = DirtyPages.PAGE_BYTES;
  private static final int PAGE_SHIFT = DirtyPages.PAGE_SHIFT;
  private static final int COPY_BYTES = 1 << 20;

  /** From here on it pays to give waiting pages their places, so that they can be shared. */
  private static final long WORTH_A_FLUSH_BYTES = 128 << 10;

  /** Extents shared by one transaction: at most 512 KiB of journal. */
  private static final int EXTENTS_AT_ONCE = 256;

  private final PosixVolume volume;
  private final FileContent content;
  private final ContentReader reader;
  private final PageFlush flush;
  private final PosixClock clock;

  RangeCopy(
      PosixVolume volume,
      FileContent content,
      ContentReader reader,
      PageFlush flush,
      PosixClock clock) {
    this.volume = volume;
    this.content = content;
    this.reader = reader;
    this.flush = flush;
    this.clock = clock;
  }

  /** Returns the bytes copied: fewer than asked at the end of the source, or if space ran out. */
  long copy(
      Caller caller, LiveInode from, long fromOffset, LiveInode to, long toOffset, long lengthBytes)
      throws FsException {
    FileContent.requireContent(from.record());
    FileContent.requireContent(to.record());
    if (fromOffset < 0 || toOffset < 0 || lengthBytes < 0) {
      throw new FsException(Errno.EINVAL, "copy from " + fromOffset + " to " + toOffset);
    }
    if (from == to && Math.abs(fromOffset - toOffset) < lengthBytes) {
      throw new FsException(Errno.EINVAL, "ranges overlap");
    }
    long length = Math.min(lengthBytes, Math.max(0, from.record().sizeBytes() - fromOffset));
    if (toOffset > FileContent.MAX_BYTES - length) {
      throw new FsException(Errno.EFBIG, "copy to " + toOffset);
    }
    boolean onBlocks = ((fromOffset - toOffset) & (PAGE_BYTES - 1)) == 0;
    long done = 0;
    try {
      if (onBlocks && length >= WORTH_A_FLUSH_BYTES && !from.pages().isEmpty()) {
        flush.flush(from);
      }
      while (done < length) {
        long left = length - done;
        done +=
            onBlocks
                ? copyOnBlocks(caller, from, fromOffset + done, to, toOffset + done, left)
                : copyBytes(caller, from, fromOffset + done, to, toOffset + done, left);
      }
    } catch (FsException refused) {
      if (done == 0) {
        throw refused;
      }
    }
    return done; // As write(2): what was copied counts.
  }

  /** Copies some of a range that begins at the same place within a block in both files. */
  private long copyOnBlocks(
      Caller caller, LiveInode from, long fromOffset, LiveInode to, long toOffset, long length)
      throws FsException {
    int within = (int) (fromOffset & (PAGE_BYTES - 1));
    if (within > 0) {
      return copyBytes(
          caller, from, fromOffset, to, toOffset, Math.min(length, PAGE_BYTES - within));
    }
    long blocks = length >> PAGE_SHIFT;
    if (toOffset + length >= to.record().sizeBytes()) {
      // What the last block holds behind the end of the target is as good as cut off.
      blocks = FileContent.blocksOf(length);
    }
    if (blocks == 0) {
      return copyBytes(caller, from, fromOffset, to, toOffset, length);
    }
    long first = fromOffset >> PAGE_SHIFT;
    long bound = unshareableEnd(from, first, first + blocks);
    if (bound > first) {
      long bytes = Math.min(length, (bound - first) << PAGE_SHIFT);
      return copyBytes(caller, from, fromOffset, to, toOffset, bytes);
    }
    long taken = share(caller, from, first, first + blocks, to, toOffset, length);
    return Math.min(length, taken << PAGE_SHIFT);
  }

  /** Where the blocks end that wait or are unwritten; {@code first} if it is none such. */
  private long unshareableEnd(LiveInode from, long first, long end) throws FsException {
    PosixMap map = volume.view();
    long at = first;
    while (at < end) {
      if (from.pages().page(at) != null) {
        at++;
        continue;
      }
      PosixMap.PlacedExtent there = map.extentAt(from.value(), at);
      if (there == null || there.fileBlock() > at || there.extent().isWritten()) {
        return at;
      }
      Long page = from.pages().next(at);
      at = Math.min(there.end(), page == null ? end : page);
    }
    return end;
  }

  /** Blocks of the source, and where. */
  private record Part(long fileBlock, FileExtentRecord extent) {}

  /**
   * Lets the target refer to blocks of the source from {@code first} on, the first of which can be
   * shared; returns how many.
   */
  private long share(
      Caller caller, LiveInode from, long first, long end, LiveInode to, long toOffset, long length)
      throws FsException {
    if (toOffset > to.record().sizeBytes()) {
      content.zeroStaleTail(to);
    }
    Long page = from.pages().next(first);
    long limit = page == null ? end : Math.min(end, page);
    long target = toOffset >> PAGE_SHIFT;
    long taken;
    try (PosixTransaction tx = volume.begin(Purpose.GROW).paidBy(caller)) {
      List<Part> parts = new ArrayList<>();
      taken = shareable(tx, from, first, limit, parts) - first;
      FileExtents extents = new FileExtents(tx, to);
      extents.cut(target, target + taken);
      for (Part part : parts) {
        tx.sharedBlocks().add(part.extent.extent());
        extents.put(target + part.fileBlock - first, part.extent);
      }
      int flags = parts.isEmpty() ? 0 : InodeRecord.MAY_SHARE_BLOCKS;
      InodeRecord before = to.record();
      long size = Math.max(before.sizeBytes(), toOffset + Math.min(length, taken << PAGE_SHIFT));
      InodeRecord after =
          before
              .withContent(size, before.blocks() + extents.gained(), clock.now())
              .withFlags(flags);
      InodeRecord source = from == to ? null : sharing(tx, from, flags);
      tx.putInode(to, after);
      tx.settles(to, to.pages().fresh(target, target + taken));
      tx.commit();
      to.committed(after);
      if (source != null) {
        from.committed(source);
      }
    }
    content.dropPages(to, target, target + taken);
    return taken;
  }

  /** Lists the written parts of [first, limit); returns where something else than a hole begins. */
  private static long shareable(
      PosixTransaction tx, LiveInode from, long first, long limit, List<Part> parts)
      throws FsException {
    long at = first;
    while (at < limit && parts.size() < EXTENTS_AT_ONCE) {
      PosixMap.PlacedExtent there = tx.extentAt(from.value(), at);
      if (there == null || there.fileBlock() > at) {
        at = there == null ? limit : Math.min(limit, there.fileBlock());
        continue;
      }
      if (!there.extent().isWritten()) {
        break;
      }
      long end = Math.min(limit, there.end());
      int skipped = (int) (at - there.fileBlock());
      parts.add(new Part(at, there.extent().part(skipped, (int) (end - at))));
      at = end;
    }
    return at;
  }

  /** The source's record if it has to change, which is put. */
  private static @Nullable InodeRecord sharing(PosixTransaction tx, LiveInode from, int flags) {
    if (from.record().has(flags)) {
      return null;
    }
    InodeRecord after = from.record().withFlags(flags);
    tx.putInode(from, after);
    return after;
  }

  /** Copies some of a range, at most so many bytes. */
  private long copyBytes(
      Caller caller, LiveInode from, long fromOffset, LiveInode to, long toOffset, long length)
      throws FsException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_BYTES, length));
    reader.read(from, fromOffset, buffer);
    return content.write(caller, to, toOffset, buffer.flip());
  }
}
