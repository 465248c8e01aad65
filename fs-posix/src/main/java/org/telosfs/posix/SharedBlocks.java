package org.telosfs.posix;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.DataExtent;
import org.telosfs.posix.format.KeyFamily;
import org.telosfs.posix.format.PosixFormatException;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.posix.format.SharedBlocksRecord;
import org.telosfs.vfs.FsException;

/**
 * How many extents hold a device block, within a transaction that has the lock of all such counts:
 * runs of blocks with two or more are in the map, everything else has one. Runs never overlap;
 * neighbours of equal count are joined.
 */
final class SharedBlocks {
  private static final long MOST_BLOCKS = Integer.MAX_VALUE;

  private final PosixTransaction tx;

  SharedBlocks(PosixTransaction tx) {
    this.tx = tx;
  }

  /** A run of blocks and how many extents hold each of them. */
  private record Run(long start, long end, int references) {}

  /** One more extent holds these blocks. */
  void add(DataExtent extent) throws FsException {
    for (Run run : takeOut(extent.startBlock(), extent.endBlock())) {
      put(new Run(run.start, run.end, Math.addExact(run.references, 1)));
    }
  }

  /** One extent less holds these blocks; returns those that nobody holds any more. */
  List<DataExtent> remove(DataExtent extent) throws FsException {
    List<DataExtent> unheld = new ArrayList<>(1);
    for (Run run : takeOut(extent.startBlock(), extent.endBlock())) {
      if (run.references == 1) {
        int first = (int) (run.start - extent.startBlock());
        unheld.add(extent.part(first, (int) (run.end - run.start)));
      } else {
        put(new Run(run.start, run.end, run.references - 1));
      }
    }
    return unheld;
  }

  /** Cuts [start, end) out of the map; returns what it was, in order and without gaps. */
  private List<Run> takeOut(long start, long end) throws FsException {
    List<Run> parts = new ArrayList<>(1);
    long at = start;
    while (at < end) {
      Run there = runAt(at);
      if (there == null || there.start > at) {
        long gapEnd = there == null ? end : Math.min(end, there.start);
        parts.add(new Run(at, gapEnd, 1));
        at = gapEnd;
        continue;
      }
      tx.delete(PosixKeys.sharedBlocks(there.start));
      if (there.start < at) {
        write(new Run(there.start, at, there.references));
      }
      long partEnd = Math.min(end, there.end);
      if (partEnd < there.end) {
        write(new Run(partEnd, there.end, there.references));
      }
      parts.add(new Run(at, partEnd, there.references));
      at = partEnd;
    }
    return parts;
  }

  /** Puts a run where none is, joined with its neighbours if they count the same. */
  private void put(Run run) throws FsException {
    if (run.references == 1) {
      return;
    }
    Run joined = run;
    Run before = runAt(run.start - 1);
    if (before != null && before.end == run.start && mayJoin(before, joined)) {
      tx.delete(PosixKeys.sharedBlocks(before.start));
      joined = new Run(before.start, joined.end, run.references);
    }
    Run after = runAt(run.end);
    if (after != null && after.start == run.end && mayJoin(joined, after)) {
      tx.delete(PosixKeys.sharedBlocks(after.start));
      joined = new Run(joined.start, after.end, run.references);
    }
    write(joined);
  }

  private static boolean mayJoin(Run first, Run second) {
    return first.references == second.references && second.end - first.start <= MOST_BLOCKS;
  }

  private void write(Run run) {
    tx.put(
        PosixKeys.sharedBlocks(run.start),
        new SharedBlocksRecord((int) (run.end - run.start), run.references).encode());
  }

  /** The run that holds a block, else the first one after it, or null. */
  private @Nullable Run runAt(long block) throws FsException {
    Run before = run(tx.floor(PosixKeys.sharedBlocks(block)));
    return before != null && before.end > block
        ? before
        : run(tx.ceiling(PosixKeys.sharedBlocks(block)));
  }

  private static @Nullable Run run(PosixMap.@Nullable Row row) throws FsException {
    if (row == null || row.key()[0] != KeyFamily.SHARED_BLOCKS.code()) {
      return null;
    }
    try {
      SharedBlocksRecord record = SharedBlocksRecord.decode(row.value());
      long start = PosixKeys.inodeOf(row.key());
      return new Run(start, start + record.blocks(), record.references());
    } catch (PosixFormatException damaged) {
      throw PosixMap.damaged("the count of shared blocks", damaged);
    }
  }
}
