package org.telosfs.block.space;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.tree.TreeRoot;

/**
 * Which blocks are free now. Starts from a version of the {@link SpaceTree}, whose groups are read
 * when first needed or, if later versions may be written over it, {@link #readAll all at once}.
 * Safe for threads.
 */
public final class SpaceMap {
  /** A shorter run is taken only when no longer one is left: it keeps files in few extents. */
  private static final int GOOD_RUN_BLOCKS = 64;

  /** So few blocks go where some were just freed: their places on the medium exist and are warm. */
  private static final int FEW_BLOCKS = 8;

  private static final int MOST_RECENT = 1024;

  private final SpaceTree tree;
  private final TreeRoot start;
  private final long totalBlocks;

  @GuardedBy("this")
  private final @Nullable GroupBits[] groups;

  /** Of the groups in {@link #recordsRead} that nobody has needed yet; null is an unused group. */
  @GuardedBy("this")
  private final byte[] @Nullable [] records;

  @GuardedBy("this")
  private final BitSet recordsRead = new BitSet();

  @GuardedBy("this")
  private long freeBlocks;

  /** Short runs that were given back lately and may still be free, the last one first. */
  @GuardedBy("this")
  private final ArrayDeque<BlockRun> recent = new ArrayDeque<>();

  /** Where the last allocation without a wish ended. */
  @GuardedBy("this")
  private long cursor;

  /**
   * The map of a device.
   *
   * @param totalBlocks of the device
   * @param freeBlocks in {@code start}, which is trusted: counting them would read every group
   */
  public SpaceMap(SpaceTree tree, TreeRoot start, long totalBlocks, long freeBlocks) {
    this.tree = tree;
    this.start = start;
    this.totalBlocks = totalBlocks;
    this.freeBlocks = freeBlocks;
    this.groups =
        new GroupBits[Math.toIntExact((totalBlocks + GroupBits.BLOCKS - 1) / GroupBits.BLOCKS)];
    this.records = new byte[groups.length][];
  }

  /**
   * Reads what the start says of all groups, for who goes on to write: checkpoints soon put other
   * nodes where those of the start lie. A group that cannot be read fails when it is needed.
   */
  public synchronized void readAll() {
    for (int group = 0; group < groups.length; group++) {
      try {
        records[group] = tree.record(start, group);
        recordsRead.set(group);
      } catch (IOException damaged) {
        recordsRead.clear(group); // Read again, and refused, by whoever needs it.
      }
    }
  }

  /** Free blocks. */
  public synchronized long freeBlocks() {
    return freeBlocks;
  }

  /** Blocks of the device. */
  public long totalBlocks() {
    return totalBlocks;
  }

  /**
   * Takes {@code blocks} blocks, in few runs, near {@code near} if it is not negative.
   *
   * @return runs that add up to it; empty if there is not so much, and then nothing is taken
   */
  public List<BlockRun> allocate(long blocks, long near) throws IOException {
    return allocateUnits(blocks, 1, near);
  }

  /**
   * Takes {@code units} pieces of {@code unitBlocks} contiguous blocks each, near {@code near} if
   * it is not negative.
   *
   * @return runs, each a multiple of the unit; empty if there is not so much, and then nothing is
   *     taken
   */
  public synchronized List<BlockRun> allocateUnits(long units, int unitBlocks, long near)
      throws IOException {
    List<BlockRun> taken = new ArrayList<>();
    if (units * unitBlocks > freeBlocks) {
      return taken;
    }
    long from = near >= 0 && near < totalBlocks ? near : cursor;
    long left = units * unitBlocks;
    if (near >= 0 && left <= FEW_BLOCKS && unitBlocks == 1) {
      BlockRun few = takeFew((int) left, from);
      if (few != null) {
        taken.add(few);
        return taken;
      }
    }
    left -= take(left, unitBlocks, Math.max(unitBlocks, GOOD_RUN_BLOCKS), from, taken);
    if (left > 0) {
      left -= take(left, unitBlocks, unitBlocks, from, taken);
    }
    if (left > 0) {
      for (BlockRun run : taken) {
        mark(run, false);
      }
      return List.of();
    }
    if (near < 0 && !taken.isEmpty()) {
      cursor = taken.get(taken.size() - 1).end() % totalBlocks;
    }
    return taken;
  }

  /** Right at the wish, else where something was freed lately; null if there is no such place. */
  @GuardedBy("this")
  private @Nullable BlockRun takeFew(int blocks, long wish) throws IOException {
    BlockRun atWish = new BlockRun(wish, blocks);
    if (isFree(atWish)) {
      mark(atWish, true);
      return atWish;
    }
    while (!recent.isEmpty()) {
      BlockRun run = recent.pop();
      if (run.blocks() >= blocks && isFree(run)) {
        BlockRun first = new BlockRun(run.start(), blocks);
        mark(first, true);
        if (run.blocks() > blocks) {
          recent.push(new BlockRun(first.end(), run.blocks() - blocks));
        }
        return first;
      }
    }
    return null;
  }

  @GuardedBy("this")
  private boolean isFree(BlockRun run) throws IOException {
    if (run.end() > totalBlocks) {
      return false;
    }
    for (long block = run.start(); block < run.end(); block++) {
      if (!isFree(block)) {
        return false;
      }
    }
    return true;
  }

  /** One round over the device from {@code from} on; returns how many blocks it took. */
  @GuardedBy("this")
  private long take(long want, int unitBlocks, int leastRun, long from, List<BlockRun> taken)
      throws IOException {
    long left = want;
    int firstGroup = (int) (from / GroupBits.BLOCKS);
    for (int i = 0; i <= groups.length && left > 0; i++) {
      int group = (firstGroup + i) % groups.length;
      GroupBits bits = group(group);
      if (bits.freeCount() < Math.min(leastRun, left)) {
        continue;
      }
      long base = (long) group * GroupBits.BLOCKS;
      int limit = (int) Math.min(GroupBits.BLOCKS, totalBlocks - base);
      int at = bits.nextFree(i == 0 ? (int) (from - base) : 0);
      while (at < limit && left > 0) {
        int end = Math.min(limit, bits.nextUsed(at));
        int run = end - at;
        if (run >= Math.min(leastRun, left)) {
          int blocks = (int) Math.min(run - run % unitBlocks, left);
          if (blocks > 0) {
            BlockRun found = new BlockRun(base + at, blocks);
            mark(found, true);
            append(taken, found);
            left -= blocks;
          }
        }
        at = bits.nextFree(end);
      }
    }
    return want - left;
  }

  private static void append(List<BlockRun> runs, BlockRun next) {
    if (!runs.isEmpty()) {
      BlockRun last = runs.get(runs.size() - 1);
      if (last.end() == next.start()) {
        runs.set(runs.size() - 1, new BlockRun(last.start(), last.blocks() + next.blocks()));
        return;
      }
    }
    runs.add(next);
  }

  /**
   * Takes just this run, as recovery does.
   *
   * @throws SpaceCorruptException if part of it is in use
   */
  public synchronized void use(BlockRun run) throws IOException {
    mark(run, true);
  }

  /**
   * Gives a run back; it may be taken again at once.
   *
   * @throws SpaceCorruptException if part of it is free
   */
  public synchronized void free(BlockRun run) throws IOException {
    mark(run, false);
    if (run.blocks() <= FEW_BLOCKS) {
      if (recent.size() == MOST_RECENT) {
        recent.removeLast();
      }
      recent.push(run);
    }
  }

  /** True if the block is free. */
  public synchronized boolean isFree(long block) throws IOException {
    return !group((int) (block / GroupBits.BLOCKS)).isUsed((int) (block % GroupBits.BLOCKS));
  }

  @GuardedBy("this")
  private void mark(BlockRun run, boolean use) throws IOException {
    if (run.end() > totalBlocks) {
      throw new SpaceCorruptException(run + " is beyond the device of " + totalBlocks + " blocks");
    }
    long at = run.start();
    while (at < run.end()) {
      int from = (int) (at % GroupBits.BLOCKS);
      int count = (int) Math.min(GroupBits.BLOCKS - from, run.end() - at);
      group((int) (at / GroupBits.BLOCKS)).mark(from, count, use);
      at += count;
    }
    freeBlocks += use ? -run.blocks() : run.blocks();
  }

  @GuardedBy("this")
  private GroupBits group(int number) throws IOException {
    GroupBits bits = groups[number];
    if (bits == null) {
      bits =
          recordsRead.get(number)
              ? SpaceTree.decode(number, records[number])
              : tree.load(start, number);
      groups[number] = bits;
      records[number] = null;
    }
    return bits;
  }
}
