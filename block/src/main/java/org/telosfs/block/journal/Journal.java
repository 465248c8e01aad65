package org.telosfs.block.journal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The journal of an open volume. The open group is filled and sealed by one thread at a time, under
 * its owner's lock; everything else is safe for threads.
 */
public final class Journal {
  /** A group in the ring that no checkpoint has made needless. */
  private record Kept(long sequence, long start) {}

  /** How much of the ring is given its place at once. */
  private static final int PREPARED_BYTES = 256 << 10;

  /**
   * So many blocks of data at most are looked at when the journal is replayed, and the same again
   * for the last group: 64 MiB.
   */
  public static final int MOST_CHECKED_BLOCKS = 16_384;

  private final JournalRing ring;
  private final long salt;
  private final long era;
  private final long start;
  private final GroupFlush groupFlush;

  private GroupBuilder open;
  private volatile long sealed;

  /** Data written to the device so far, and how much of it a flush has covered. */
  private final AtomicLong dataWrites = new AtomicLong();

  private volatile long flushedDataWrites;

  /** The ring has its place on the medium up to here; under the writer's lock. */
  private long prepared;

  /** Blocks that groups count only with, written since the last flush; under the writer's lock. */
  private long uncheckedBlocks;

  /** The last group that a flush has covered; under the writer's lock. */
  private long flushed;

  private final Object queueLock = new Object();

  @GuardedBy("queueLock")
  private final ArrayDeque<SealedGroup> pending = new ArrayDeque<>();

  @GuardedBy("queueLock")
  private final ArrayDeque<Kept> kept = new ArrayDeque<>();

  @GuardedBy("queueLock")
  private long head;

  /**
   * A journal whose ring is empty.
   *
   * @param era unlike that of any group in the ring
   * @param position where the next group goes
   * @param sequence of the last group there was
   * @param makeRoom is called, under no lock of the journal, when a group does not fit; afterwards
   *     all groups sealed before the call are durable without the journal
   */
  public Journal(
      JournalRing ring,
      long salt,
      long era,
      long position,
      long sequence,
      FailureLatch latch,
      RoomMaker makeRoom) {
    this.ring = ring;
    this.salt = salt;
    this.era = era;
    this.head = position;
    this.prepared = position;
    this.start = position;
    this.sealed = sequence;
    this.open = new GroupBuilder(salt, era, sequence + 1);
    this.groupFlush =
        new GroupFlush(
            sequence,
            new GroupFlush.Work() {
              @Override
              public long write() throws IOException {
                return writePending();
              }

              @Override
              public void flush() throws IOException {
                flushDevice();
              }
            },
            makeRoom::makeRoom,
            latch);
  }

  /** Makes room in the ring. */
  @FunctionalInterface
  public interface RoomMaker {
    /** Makes all sealed groups durable by other means, or fails. */
    void makeRoom() throws IOException;
  }

  /** Where commits put their records; under the owner's lock. */
  public JournalSink openGroup() {
    return open;
  }

  /** Bytes of the open group. */
  public int openGroupBytes() {
    return open.isEmpty() ? 0 : open.bytes();
  }

  /** Blocks that the open group counts only with. */
  public int openCheckedBlocks() {
    return open.checkedBlocks();
  }

  /** The sequence that the open group has. */
  public long openSequence() {
    return sealed + 1;
  }

  /** Closes the open group, under the owner's lock; returns its sequence, or the last if empty. */
  public long seal() {
    if (open.isEmpty()) {
      return sealed;
    }
    SealedGroup group = open.seal();
    synchronized (queueLock) {
      pending.add(group);
    }
    sealed = group.sequence();
    open = new GroupBuilder(salt, era, sealed + 1);
    return sealed;
  }

  /** The last sealed group. */
  public long sealedSequence() {
    return sealed;
  }

  /** The last durable group. */
  public long durableSequence() {
    return groupFlush.durable();
  }

  /** Bytes of the ring that groups take. */
  public long usedBytes() {
    synchronized (queueLock) {
      return kept.isEmpty() ? 0 : head - kept.getFirst().start();
    }
  }

  /** Size of the ring. */
  public long ringBytes() {
    return ring.sizeBytes();
  }

  /** Data was written to the device that a later group may point to without a check. */
  public void dataWritten() {
    dataWrites.incrementAndGet();
  }

  /** Returns once the group was handed to the device. */
  public void awaitWritten(long sequence) throws IOException {
    groupFlush.awaitWritten(sequence);
  }

  /** Returns once the group survives a power loss. */
  public void awaitDurable(long sequence) throws IOException {
    groupFlush.awaitDurable(sequence);
  }

  /** Writes, and flushes, what makes groups needless. */
  @FunctionalInterface
  public interface Flip {
    /** Makes durable that replay starts at this position. */
    void at(long position) throws IOException;
  }

  /**
   * Makes the groups up to {@code sequence} needless: runs {@code flip}, which must flush, and then
   * gives their room back, and forgets those that were never written.
   */
  public void release(long sequence, Flip flip) throws IOException {
    groupFlush.exclusively(
        sequence,
        () -> {
          long position;
          synchronized (queueLock) {
            position = head;
            for (Kept group : kept) {
              if (group.sequence() > sequence) {
                position = group.start();
                break;
              }
            }
          }
          flip.at(position);
          synchronized (queueLock) {
            while (!kept.isEmpty() && kept.getFirst().sequence() <= sequence) {
              kept.removeFirst();
            }
            while (!pending.isEmpty() && pending.getFirst().sequence() <= sequence) {
              pending.removeFirst();
            }
          }
        });
  }

  /** Under the writer's lock: writes what is sealed, as far as it fits. */
  private long writePending() throws IOException {
    long last = groupFlush.written();
    while (true) {
      SealedGroup group;
      long at;
      long room;
      synchronized (queueLock) {
        group = pending.peekFirst();
        if (group == null) {
          return last;
        }
        at = head;
        room = ring.sizeBytes() - (kept.isEmpty() ? 0 : head - kept.getFirst().start());
        if (group.ringBytes() > room) {
          return last;
        }
      }
      prepare(at, group.ringBytes(), room);
      boolean manyChecks = uncheckedBlocks + group.checkedBlocks() > MOST_CHECKED_BLOCKS;
      if (dataWrites.get() != flushedDataWrites || (manyChecks && uncheckedBlocks > 0)) {
        // A group may reach the medium before data written earlier, unless a flush lies between or
        // replay checks the data.
        flushDevice();
        flushed = last;
      }
      ring.write(at, group.encode(Math.max(flushed, groupFlush.durable())));
      uncheckedBlocks += group.checkedBlocks();
      last = group.sequence();
      synchronized (queueLock) {
        pending.removeFirst();
        kept.add(new Kept(last, at));
        head = at + group.ringBytes();
      }
    }
  }

  /**
   * Keeps what follows the groups prepared, for one lap: what comes after it was written before.
   */
  private void prepare(long at, int bytes, long room) throws IOException {
    if (at + bytes > prepared && prepared - start < ring.sizeBytes()) {
      long next = at + bytes;
      int more = (int) Math.min(PREPARED_BYTES, room - bytes);
      prepared = more == 0 ? next : next + ring.prepare(next, more);
    }
  }

  private void flushDevice() throws IOException {
    long covered = dataWrites.get();
    ring.device().flush();
    flushedDataWrites = covered;
    uncheckedBlocks = 0;
  }
}
