package org.telosfs.block.journal;

import java.io.IOException;
import org.telosfs.block.Baton;

/**
 * One flush serves all who wait: the first one writes and flushes whatever is sealed by then; the
 * others find their group durable, or one of them does the same. Safe for threads.
 */
final class GroupFlush {
  /** What the leader does; called by one thread at a time. */
  interface Work {
    /**
     * Writes the sealed groups in order, as many as fit.
     *
     * @return the last one written, now or before
     */
    long write() throws IOException;

    /** Makes durable what was written. */
    void flush() throws IOException;
  }

  /** Makes room in the ring, after which at least the groups sealed before need none. */
  interface Relief {
    void makeRoom() throws IOException;
  }

  private final Baton baton = new Baton();
  private final Work work;
  private final Relief relief;
  private final FailureLatch latch;

  /** Changed by the leader only. */
  private volatile long written;

  /** Changed by the leader only. */
  private volatile long durable;

  GroupFlush(long sequence, Work work, Relief relief, FailureLatch latch) {
    this.written = sequence;
    this.durable = sequence;
    this.work = work;
    this.relief = relief;
    this.latch = latch;
  }

  long durable() {
    return durable;
  }

  long written() {
    return written;
  }

  void awaitWritten(long sequence) throws IOException {
    while (written < sequence) {
      if (!lead(sequence, false)) {
        relief.makeRoom();
      }
    }
  }

  void awaitDurable(long sequence) throws IOException {
    while (durable < sequence) {
      if (!lead(sequence, true)) {
        relief.makeRoom();
      }
    }
  }

  /** False if the group did not fit into the ring. */
  private boolean lead(long sequence, boolean makeDurable) throws IOException {
    if (!baton.take(() -> (makeDurable ? durable : written) >= sequence)) {
      return true;
    }
    try {
      latch.check();
      try {
        written = Math.max(written, work.write());
        if (written < sequence) {
          return false;
        }
        if (makeDurable) {
          work.flush();
          durable = written;
        }
        return true;
      } catch (IOException failure) {
        throw latch.fail(failure);
      }
    } finally {
      baton.putDown();
    }
  }

  /** What runs while no group is written. */
  interface Exclusive {
    void run() throws IOException;
  }

  /**
   * Runs something that flushes, while no group is being written; afterwards all groups written so
   * far, and all up to {@code sequence}, are durable.
   */
  void exclusively(long sequence, Exclusive action) throws IOException {
    baton.take();
    try {
      action.run();
      written = Math.max(written, sequence);
      durable = written;
    } finally {
      baton.putDown();
    }
  }
}
