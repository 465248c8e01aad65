package org.telosfs.block.volume;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.List;
import org.telosfs.block.space.BlockRun;

/**
 * Blocks that an owner will get, whatever others do meanwhile; made by {@link Volume#reserve}. Safe
 * for threads.
 */
public final class Reservation implements AutoCloseable {
  private final SpaceLedger ledger;

  @GuardedBy("this")
  private long blocks;

  @GuardedBy("this")
  private boolean closed;

  /** {@code blocks} are promised by the ledger already. */
  Reservation(SpaceLedger ledger, long blocks) {
    this.ledger = ledger;
    this.blocks = blocks;
  }

  /** Blocks neither taken nor given back yet. */
  public synchronized long blocks() {
    return blocks;
  }

  /**
   * Gives some of it back.
   *
   * @throws IllegalArgumentException if it has not so many
   */
  public synchronized void release(long count) {
    remove(count);
    ledger.release(count);
  }

  /**
   * Moves some of it into a reservation of its own.
   *
   * @throws IllegalArgumentException if it has not so many
   */
  public synchronized Reservation split(long count) {
    remove(count);
    return new Reservation(ledger, count);
  }

  /** Moves all of another one into this; the other one is closed by that. */
  public void join(Reservation other) {
    long moved = other.drain();
    synchronized (this) {
      if (closed) {
        ledger.release(moved);
      } else {
        blocks += moved;
      }
    }
  }

  private synchronized long drain() {
    long all = blocks;
    blocks = 0;
    closed = true;
    return all;
  }

  /** Turns some of it into blocks in use. */
  synchronized List<BlockRun> allocate(long count, long near) throws IOException {
    remove(count);
    try {
      return ledger.allocateReserved(count, near);
    } catch (IOException failed) {
      blocks += count;
      throw failed;
    }
  }

  /** A transaction that took this run was discarded. */
  synchronized void undo(BlockRun run) throws IOException {
    ledger.undo(run, !closed);
    if (!closed) {
      blocks += run.blocks();
    }
  }

  @GuardedBy("this")
  private void remove(long count) {
    if (count < 0 || count > blocks) {
      throw new IllegalArgumentException(count + " of " + blocks + " reserved blocks");
    }
    blocks -= count;
  }

  /** Gives back what is left. */
  @Override
  public synchronized void close() {
    ledger.release(blocks);
    blocks = 0;
    closed = true;
  }
}
