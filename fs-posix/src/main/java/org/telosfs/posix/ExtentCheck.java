package org.telosfs.posix;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeSet;
import org.telosfs.posix.CheckFinding.Kind;
import org.telosfs.posix.format.FileExtentRecord;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.PosixFormatException;
import org.telosfs.posix.format.SharedBlocksRecord;
import org.telosfs.vfs.FileType;

/** Extents: of regular files, each block of a file and of the device in one at most. */
final class ExtentCheck {
  private static final long MOST_BLOCKS = FileContent.blocksOf(FileContent.MAX_BYTES);

  /** A piece of the device and whose it is. */
  private record Used(long startBlock, long endBlock, CheckedInode file) {}

  /** What the counts say of a piece of the device. */
  private record Counted(long startBlock, long endBlock, int references) {}

  private final CheckFindings found;
  private final List<Used> used = new ArrayList<>();
  private final List<Counted> counted = new ArrayList<>();
  private long lastInode;
  private long lastEnd;

  ExtentCheck(CheckFindings found) {
    this.found = found;
  }

  /** Extents are told of in the order of their keys. */
  void extent(CheckedInode file, long fileBlock, byte[] value) throws PosixFormatException {
    FileExtentRecord record = FileExtentRecord.decode(value);
    used.add(new Used(record.extent().startBlock(), record.extent().endBlock(), file));
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

  /** Counts are told of in the order of their keys. */
  void sharedBlocks(long startBlock, SharedBlocksRecord record) {
    Counted last = counted.isEmpty() ? null : counted.get(counted.size() - 1);
    if (last != null && startBlock < last.endBlock()) {
      found.add(Kind.SHARED_BLOCKS, 0, "block " + startBlock + " is counted twice");
    } else {
      counted.add(new Counted(startBlock, startBlock + record.blocks(), record.references()));
    }
  }

  /**
   * To be called when all extents and counts have been told of: compares how many extents hold each
   * block with what the counts say of it.
   */
  void checkShared() {
    used.sort(Comparator.comparingLong(Used::startBlock));
    TreeSet<Long> borders = new TreeSet<>();
    counted.forEach(
        run -> {
          borders.add(run.startBlock());
          borders.add(run.endBlock());
        });
    PriorityQueue<Used> holders = new PriorityQueue<>(Comparator.comparingLong(Used::endBlock));
    int nextUsed = 0;
    int nextCounted = 0;
    long at = 0;
    while (nextUsed < used.size() || !holders.isEmpty() || nextCounted < counted.size()) {
      while (nextUsed < used.size() && used.get(nextUsed).startBlock() <= at) {
        holders.add(used.get(nextUsed++));
      }
      while (!holders.isEmpty() && holders.element().endBlock() <= at) {
        holders.remove();
      }
      while (nextCounted < counted.size() && counted.get(nextCounted).endBlock() <= at) {
        nextCounted++;
      }
      int says = 1;
      if (nextCounted < counted.size() && counted.get(nextCounted).startBlock() <= at) {
        says = counted.get(nextCounted).references();
      }
      compare(at, says, holders);
      Long border = borders.higher(at);
      long next = border == null ? Long.MAX_VALUE : border;
      if (nextUsed < used.size()) {
        next = Math.min(next, used.get(nextUsed).startBlock());
      }
      if (!holders.isEmpty()) {
        next = Math.min(next, holders.element().endBlock());
      }
      at = next;
    }
  }

  private void compare(long block, int says, PriorityQueue<Used> holders) {
    int held = holders.size();
    if (says == 1 ? held > 1 : held != says) {
      found.add(
          Kind.SHARED_BLOCKS,
          held == 0 ? 0 : holders.element().file().number(),
          "block " + block + " is in " + held + " extents, its count is " + says);
    } else if (says > 1) {
      for (Used holder : holders) {
        InodeRecord record = holder.file().record();
        if (record != null && !record.has(InodeRecord.MAY_SHARE_BLOCKS)) {
          found.add(
              Kind.SHARED_BLOCKS,
              holder.file().number(),
              "shares block " + block + ", and says that it shares none");
        }
      }
    }
  }
}
