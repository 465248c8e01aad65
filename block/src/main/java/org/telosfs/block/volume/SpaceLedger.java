package org.telosfs.block.volume;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.NoSpaceException;
import org.telosfs.block.space.BlockRun;
import org.telosfs.block.space.DeferredFrees;
import org.telosfs.block.space.SpaceMap;
import org.telosfs.block.tree.BTree;

/**
 * Who may have which free blocks. Besides those in use there are: blocks freed but not yet durably
 * so; whole places for nodes, kept so that a checkpoint never lacks one, however full or fragmented
 * the device is; blocks promised to reservations; and the rest. Safe for threads.
 *
 * <p>While a checkpoint chooses its places, frees of groups after its own are held back: such a
 * block is still somebody's in the state that is being written.
 */
final class SpaceLedger {
  static final int BLOCKS_PER_NODE = BTree.NODE_BYTES / BlockGeometry.BLOCK_BYTES;

  /** Of reserved data, one block in so many is set aside for the nodes that will describe it. */
  private static final int RESERVED_PER_NODE_BLOCK = 16;

  /** Node places are kept for this many more than are known to be needed. */
  private static final int MARGIN_NODES = 8;

  private static final int LEAST_RESERVE_NODES = 16;
  private static final int MOST_RESERVE_NODES = 1024;
  private static final int RESERVE_FRACTION = 64;
  private static final int BLOCKS_PER_RESERVED_SPACE_NODE = 8 * 16_384;

  private final SpaceMap map;
  private final DeferredFrees deferred;
  private final long reserveNodes;

  @GuardedBy("this")
  private final TreeSet<Long> nodePlaces = new TreeSet<>();

  @GuardedBy("this")
  private long reserved;

  @GuardedBy("this")
  private long durable;

  @GuardedBy("this")
  private long heldAt = Long.MAX_VALUE;

  SpaceLedger(SpaceMap map) throws IOException {
    this.map = map;
    this.deferred = new DeferredFrees(map);
    long nodes = map.totalBlocks() / BLOCKS_PER_NODE;
    this.reserveNodes =
        Math.min(MOST_RESERVE_NODES, Math.max(LEAST_RESERVE_NODES, nodes / RESERVE_FRACTION))
            + map.totalBlocks() / BLOCKS_PER_RESERVED_SPACE_NODE;
    keepPlaces(reserveNodes + MARGIN_NODES, 0);
  }

  /** Promises blocks; false if there are not so many. */
  synchronized boolean reserve(long blocks) {
    if (blocks > availableBlocks()) {
      return false;
    }
    reserved += blocks;
    return true;
  }

  /** What can be promised now. */
  synchronized long availableBlocks() {
    long nodeShare = (reserved + RESERVED_PER_NODE_BLOCK) / RESERVED_PER_NODE_BLOCK;
    long left = map.freeBlocks() - reserved - nodeShare;
    return Math.max(0, left - left / (RESERVED_PER_NODE_BLOCK + 1));
  }

  /** Takes a promise back. */
  synchronized void release(long blocks) {
    reserved -= blocks;
  }

  /** Turns promised blocks into used ones. */
  synchronized List<BlockRun> allocateReserved(long blocks, long near) throws IOException {
    List<BlockRun> runs = map.allocate(blocks, near);
    if (runs.isEmpty()) {
      throw new NoSpaceException(blocks + " reserved blocks are not to be had");
    }
    reserved -= blocks;
    return runs;
  }

  /**
   * Takes back what a discarded transaction allocated, and renews the promise if it still counts.
   */
  synchronized void undo(BlockRun run, boolean promiseAgain) throws IOException {
    map.free(run);
    if (promiseAgain) {
      reserved += run.blocks();
    }
  }

  /** Blocks that the group of this sequence has freed. */
  void defer(long sequence, BlockRun run) {
    deferred.defer(sequence, run);
  }

  /** All groups up to this one are durable. */
  void becameDurable(long sequence) throws IOException {
    long upTo;
    synchronized (this) {
      if (sequence <= durable) {
        return;
      }
      durable = sequence;
      upTo = Math.min(durable, heldAt);
      deferred.release(upTo);
    }
  }

  /** A checkpoint of this group's state begins to choose its places. */
  synchronized void hold(long sequence) {
    heldAt = sequence;
  }

  /** It has chosen. */
  synchronized void unhold() throws IOException {
    heldAt = Long.MAX_VALUE;
    deferred.release(durable);
  }

  /**
   * Makes sure that a checkpoint will find places for this many changed nodes.
   *
   * @param purpose growth must also leave the reserve whole
   */
  synchronized boolean ensurePlaces(long dirtyNodes, Purpose purpose) throws IOException {
    long wanted = dirtyNodes + MARGIN_NODES + (purpose == Purpose.GROW ? reserveNodes : 0);
    long spared =
        purpose == Purpose.GROW ? reserved + reserved / RESERVED_PER_NODE_BLOCK : reserved;
    return nodePlaces.size() >= wanted || keepPlaces(wanted, spared);
  }

  @GuardedBy("this")
  private boolean keepPlaces(long wanted, long sparedBlocks) throws IOException {
    long missing = wanted - nodePlaces.size();
    if (missing <= 0) {
      return true;
    }
    // More than is missing if there is, so that the next transactions need not ask again.
    long ample = missing + MARGIN_NODES + reserveNodes / 8;
    return addPlaces(ample, sparedBlocks) || addPlaces(missing, sparedBlocks);
  }

  @GuardedBy("this")
  private boolean addPlaces(long nodes, long sparedBlocks) throws IOException {
    if (map.freeBlocks() - nodes * BLOCKS_PER_NODE < sparedBlocks) {
      return false;
    }
    List<BlockRun> runs = map.allocateUnits(nodes, BLOCKS_PER_NODE, -1);
    for (BlockRun run : runs) {
      for (long at = run.start(); at < run.end(); at += BLOCKS_PER_NODE) {
        nodePlaces.add(at);
      }
    }
    return !runs.isEmpty();
  }

  /**
   * Takes places for nodes, in ascending order.
   *
   * @throws NoSpaceException if there are not so many; none is taken then
   */
  synchronized List<Long> takePlaces(int count) throws IOException {
    if (nodePlaces.size() < count && !keepPlaces(count, 0)) {
      throw new NoSpaceException(
          "a checkpoint needs " + count + " places for nodes, " + nodePlaces.size() + " are left");
    }
    List<Long> places = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      places.add(nodePlaces.first());
      nodePlaces.remove(nodePlaces.first());
    }
    return places;
  }

  /** Gives places of nodes back. */
  synchronized void givePlaces(List<Long> places) {
    nodePlaces.addAll(places);
  }

  /** Gives up places beyond the reserve and what {@code dirtyNodes} changed nodes will need. */
  synchronized void trim(long dirtyNodes) throws IOException {
    long kept = reserveNodes + dirtyNodes + 2 * MARGIN_NODES;
    while (nodePlaces.size() > kept) {
      long last = nodePlaces.last();
      nodePlaces.remove(last);
      map.free(new BlockRun(last, BLOCKS_PER_NODE));
    }
  }

  /** Free and neither kept for nodes nor waiting. */
  long freeBlocks() {
    return map.freeBlocks();
  }

  synchronized long reservedBlocks() {
    return reserved;
  }

  long waitingBlocks() {
    return deferred.waitingBlocks();
  }

  /** Of the places for nodes, what growth leaves alone. */
  synchronized long blocksKept() {
    return Math.min(nodePlaces.size(), reserveNodes + MARGIN_NODES) * BLOCKS_PER_NODE;
  }

  synchronized long blocksForNodes() {
    return nodePlaces.size() * (long) BLOCKS_PER_NODE;
  }
}
