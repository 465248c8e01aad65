package org.telosfs.posix;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.telosfs.block.BlockGeometry;
import org.telosfs.posix.CheckFinding.Kind;
import org.telosfs.posix.format.FileExtentRecord;
import org.telosfs.posix.format.PosixFormatException;
import org.telosfs.vfs.FileType;

/** Extents: of regular files, each block of a file and of the device in one at most. */
final class ExtentCheck {
  private static final long MOST_BLOCKS = FileContent.MAX_BYTES / BlockGeometry.BLOCK_BYTES;

  /** A piece of the device and whose it is. */
  private record Used(long startBlock, int blocks, long inode) {
    boolean reachesInto(Used next) {
      return next.startBlock - startBlock < blocks;
    }

    boolean endsBefore(Used other) {
      return startBlock - other.startBlock < other.blocks - blocks;
    }
  }

  private final CheckFindings found;
  private final List<Used> used = new ArrayList<>();
  private long lastInode;
  private long lastEnd;

  ExtentCheck(CheckFindings found) {
    this.found = found;
  }

  /** Extents are told of in the order of their keys. */
  void extent(CheckedInode file, long fileBlock, byte[] value) throws PosixFormatException {
    FileExtentRecord record = FileExtentRecord.decode(value);
    used.add(new Used(record.extent().startBlock(), record.blocks(), file.number()));
    file.takes(record.blocks());
    if (!file.mayBe(FileType.REGULAR)) {
      found.add(Kind.EXTENT, file.number(), "is no regular file, and has an extent");
    }
    if (fileBlock < 0 || fileBlock > MOST_BLOCKS - record.blocks()) {
      found.add(
          Kind.EXTENT,
          file.number(),
          "has an extent at block " + Long.toUnsignedString(fileBlock) + ", beyond any file's end");
      return;
    }
    if (lastInode == file.number() && fileBlock < lastEnd) {
      found.add(
          Kind.EXTENT_OVERLAP,
          file.number(),
          "has an extent at block " + fileBlock + ", the one before ends at " + lastEnd);
    }
    lastEnd = Math.max(lastInode == file.number() ? lastEnd : 0, fileBlock + record.blocks());
    lastInode = file.number();
  }

  /** To be called when all extents have been told of. */
  void checkShared() {
    used.sort(Comparator.comparingLong(Used::startBlock));
    Used before = null;
    for (Used next : used) {
      if (before != null && before.reachesInto(next)) {
        found.add(
            Kind.SHARED_BLOCKS,
            next.inode(),
            "uses block " + next.startBlock() + ", which inode " + before.inode() + " uses too");
      }
      if (before == null || before.endsBefore(next)) {
        before = next;
      }
    }
  }
}
