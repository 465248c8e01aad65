package org.telosfs.block.space;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Blocks that sealed groups of transactions have freed and that nobody may take yet: after a crash
 * the group may not have happened, and then its blocks are still somebody's. Safe for threads.
 */
public final class DeferredFrees {
  private record Freed(long sequence, BlockRun run) {}

  private final SpaceMap map;

  @GuardedBy("this")
  private final ArrayDeque<Freed> waiting = new ArrayDeque<>();

  @GuardedBy("this")
  private long waitingBlocks;

  /** What is released goes to {@code map}. */
  public DeferredFrees(SpaceMap map) {
    this.map = map;
  }

  /** Notes that the group of this sequence has freed a run; sequences do not descend. */
  public synchronized void defer(long sequence, BlockRun run) {
    waiting.add(new Freed(sequence, run));
    waitingBlocks += run.blocks();
  }

  /** All groups up to this sequence are durable, and no older state needs their blocks. */
  public void release(long durableSequence) throws IOException {
    List<BlockRun> free = new ArrayList<>();
    synchronized (this) {
      while (!waiting.isEmpty() && waiting.peek().sequence() <= durableSequence) {
        BlockRun run = waiting.remove().run();
        free.add(run);
        waitingBlocks -= run.blocks();
      }
    }
    for (BlockRun run : free) {
      map.free(run);
    }
  }

  /** Blocks that wait. */
  public synchronized long waitingBlocks() {
    return waitingBlocks;
  }
}
