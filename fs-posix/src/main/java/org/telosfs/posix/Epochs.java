package org.telosfs.posix;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.volume.Reservation;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;

/**
 * Cuts the stream of operations into epochs, each one atomic on disk. An epoch ends when every
 * waiting page and record has been committed and the volume's group is sealed: most of it while
 * operations go on, the rest while none runs. So a crash shows all operations up to some moment and
 * none after.
 *
 * <p>A thread of its own ends an epoch soon after the tree falls idle, at the latest a second after
 * its first change, and makes it durable now and then. Safe for threads.
 */
final class Epochs implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Epochs.class.getName());

  /** A busy tree ends its epoch after so many idle delays all the same. */
  private static final int BUSY_ROUNDS = 50;

  /** A group must fit the journal's ring several times over. */
  private static final long GROUP_BYTES = 512 << 10;

  /** Sealed groups that may wait in memory for the journal: 8 MiB. */
  private static final int GROUPS_BEHIND = 16;

  /** On a fuller volume nothing lags, so that what was freed is soon free: 256 MiB. */
  private static final long ROOMY_BLOCKS = 64 << 10;

  /** How a file's waiting changes are committed. */
  interface Flusher {
    void flush(LiveInode inode) throws FsException;
  }

  private final PosixVolume volume;
  private final InodeTable table;
  private final InodeLocks locks;
  private final MountHealth health;
  private final PosixConfig config;

  private final ReentrantReadWriteLock epoch = new ReentrantReadWriteLock();
  private final ConcurrentLinkedQueue<LiveInode> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicLong reservedBlocks = new AtomicLong();
  private final LongAdder changes = new LongAdder();

  /** One epoch ends at a time; whoever waits meanwhile is served by the next one. */
  private final ReentrantLock ending = new ReentrantLock();

  private volatile long begun;

  /** The last end that succeeded, as {@link #begun} counts them. */
  private volatile long ended;

  private volatile boolean changed;
  private volatile boolean closing;
  private volatile long lastSealed;
  private final @Nullable Thread thread;
  private @Nullable Flusher flusher;
  private Runnable afterwards = () -> {};

  Epochs(
      PosixVolume volume,
      InodeTable table,
      InodeLocks locks,
      MountHealth health,
      PosixConfig config) {
    this.volume = volume;
    this.table = table;
    this.locks = locks;
    this.health = health;
    this.config = config;
    boolean needsThread = config.background() && !config.readOnly();
    this.thread = needsThread ? new Thread(this::run, "telosfs-epochs") : null;
  }

  /**
   * Begins; before this nothing may wait.
   *
   * @param frees run by the thread under no lock after an epoch's end, which may have been the last
   *     use of some inodes
   */
  void start(Flusher fileFlusher, Runnable frees) {
    flusher = fileFlusher;
    afterwards = frees;
    if (thread != null) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Part of an epoch; closing leaves it. */
  final class Entered implements AutoCloseable {
    private final Lock lock;

    private Entered(Lock lock) {
      this.lock = lock;
    }

    @Override
    public void close() {
      changes.increment();
      lock.unlock();
      if (!changed) {
        changed = true;
        LockSupport.unpark(thread);
      }
    }
  }

  /** Every changing operation runs within one epoch. */
  Entered enter() throws FsException {
    health.requireWritable();
    Lock lock = epoch.readLock();
    lock.lock();
    return new Entered(lock);
  }

  /** As {@link #enter} for what is left out where nothing may change. */
  @Nullable Entered enterIfWritable() {
    if (config.readOnly() || health.readOnlyReason() != null) {
      return null;
    }
    Lock lock = epoch.readLock();
    lock.lock();
    return new Entered(lock);
  }

  // ---- what waits; under the inode's exclusive lock

  /**
   * Sets space aside for more pages of an inode.
   *
   * @param caller who is refused what quotas do not allow; null if nobody is
   * @param blocks of the device that the pages need
   * @param fresh blocks by which they make the file larger
   */
  void reserve(@Nullable Caller caller, LiveInode inode, long blocks, long fresh)
      throws FsException {
    volume.quotas().reserve(inode, fresh, caller);
    if (blocks == 0) {
      return;
    }
    Reservation more;
    try {
      more = volume.reserve(blocks);
    } catch (FsException refused) {
      volume.quotas().trim(inode);
      throw refused;
    }
    Reservation space = inode.reservation();
    if (space == null) {
      space = more;
      inode.setReservation(more);
    } else {
      space.join(more);
    }
    inode.countReserved(space.blocks(), reservedBlocks);
  }

  /** Gives back what the inode has set aside beyond its pages. */
  void trimReservation(LiveInode inode) {
    volume.quotas().trim(inode);
    Reservation space = inode.reservation();
    if (space == null) {
      return;
    }
    long excess = space.blocks() - inode.pages().needingSpace();
    if (excess > 0) {
      space.release(excess);
    }
    inode.countReserved(space.blocks(), reservedBlocks);
  }

  /** The space of the inode's waiting pages. */
  Reservation reservation(LiveInode inode) {
    Reservation space = inode.reservation();
    if (space == null) {
      throw new IllegalStateException("inode " + inode.number() + " has no reservation");
    }
    return space;
  }

  /** The inode has changes that the end of the epoch must commit. */
  void waits(LiveInode inode) {
    if (!inode.isWaiting()) {
      inode.setWaiting(true);
      table.keepWaiting(inode);
      waiting.add(inode);
    }
  }

  // ---- ending

  /** After a change, under no lock: commits what waits when it has become too much. */
  void throttle() throws FsException {
    if (volume.openGroupBytes() > GROUP_BYTES) {
      // The thread writes the groups; only one that has fallen far behind holds operations up.
      boolean roomy = volume.stats().blocksAvailable() > ROOMY_BLOCKS;
      volume.awaitWritten(Math.max(0, end() - (roomy ? GROUPS_BEHIND : 0)));
    } else if (reservedBlocks.get() * DirtyPages.PAGE_BYTES > config.dirtyBytes()) {
      List<LiveInode> done = new ArrayList<>();
      try {
        flushWaiting(done);
      } finally {
        forget(done);
      }
    }
  }

  /** Whether there may be blocks that were freed, but can be used only after a {@link #sync}. */
  boolean mayHoldFreedSpace() {
    return !waiting.isEmpty() || volume.openGroupBytes() > 0 || volume.stats().blocksWaiting() > 0;
  }

  /** Ends the epoch and makes it durable. */
  void sync() throws FsException {
    volume.awaitDurable(end());
  }

  /**
   * Ends the epoch: all operations that returned before are in the group of the returned sequence.
   */
  long end() throws FsException {
    if (config.readOnly()) {
      return lastSealed;
    }
    long wanted = begun + 1;
    ending.lock();
    try {
      if (ended >= wanted) {
        return lastSealed; // A whole end began after this call did, and succeeded.
      }
      requireHealthy();
      return endNow(() -> {});
    } finally {
      ending.unlock();
    }
  }

  /** Runs while nothing else changes the tree. */
  @FunctionalInterface
  interface Alone {
    void run() throws FsException;
  }

  /** As {@link #end}, with one more step, taken when nothing waits and no operation runs. */
  long endWith(Alone last) throws FsException {
    health.requireWritable();
    ending.lock();
    try {
      return endNow(last);
    } finally {
      ending.unlock();
    }
  }

  /** Once something was lost, nothing may pretend to have been kept. */
  private void requireHealthy() throws FsException {
    String reason = health.readOnlyReason();
    if (reason != null) {
      throw new FsException(Errno.EIO, reason);
    }
  }

  /** Runs while no operation does, without an end. */
  void alone(Runnable action) {
    epoch.writeLock().lock();
    try {
      action.run();
    } finally {
      epoch.writeLock().unlock();
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // only under the lock `ending`
  private long endNow(Alone last) throws FsException {
    long number = ++begun;
    List<LiveInode> done = new ArrayList<>();
    try {
      flushWaiting(done);
      epoch.writeLock().lock();
      try {
        flushWaiting(done);
        last.run();
        volume.quotas().putChanged(volume);
        lastSealed = volume.seal();
      } finally {
        epoch.writeLock().unlock();
      }
    } finally {
      forget(done);
    }
    ended = number;
    return lastSealed;
  }

  /** Commits every inode that waits and adds it to {@code done}, to be forgotten under no lock. */
  private void flushWaiting(List<LiveInode> done) throws FsException {
    boolean more = true;
    while (more) {
      // Within the epoch, so that it cannot be sealed between taking an inode and committing it.
      epoch.readLock().lock();
      try {
        LiveInode inode = waiting.poll();
        if (inode == null) {
          more = false;
        } else {
          flush(inode);
          done.add(inode);
        }
      } finally {
        epoch.readLock().unlock();
      }
    }
  }

  private void flush(LiveInode inode) throws FsException {
    Flusher files = flusher;
    if (files == null) {
      throw new IllegalStateException("not started");
    }
    try (InodeLocks.Held held = locks.write(inode.value())) {
      // A file that nobody can reach any more is freed or about to be: its pages need no place.
      if (!inode.isGone()) {
        files.flush(inode);
      }
      inode.setWaiting(false);
    } catch (FsException failed) {
      waiting.add(inode); // It waits on, for as long as the mount lives.
      throw failed;
    }
  }

  /** Under no lock, since the last use of an inode without names frees it. */
  private void forget(List<LiveInode> done) {
    done.forEach(table::waitedFor);
  }

  // ---- in the background

  private void run() {
    long lastDurable = System.nanoTime();
    while (!closing) {
      if (!changed) {
        LockSupport.park(this);
        continue;
      }
      waitUntilIdle();
      changed = false;
      try {
        long sequence = end();
        afterwards.run();
        if (System.nanoTime() - lastDurable > config.flushInterval().toNanos()) {
          volume.awaitDurable(sequence);
          lastDurable = System.nanoTime();
        } else {
          volume.awaitWritten(sequence);
          changed |= volume.stats().durableSequence() < sequence && pauseForDurability(lastDurable);
        }
      } catch (FsException failed) {
        if (health.readOnlyReason() != null) {
          return; // Logged by MountHealth; nothing can be kept any more.
        }
        LOG.log(
            System.Logger.Level.ERROR,
            "the end of an epoch failed; it will be tried again",
            failed);
        pause(Duration.ofSeconds(1));
        changed = true;
      } catch (RuntimeException | Error bug) {
        LOG.log(System.Logger.Level.ERROR, "the end of an epoch failed", bug);
        pause(Duration.ofSeconds(1));
        changed = true;
      }
    }
  }

  /** What was written must become durable in time even if nothing changes any more. */
  private boolean pauseForDurability(long lastDurable) {
    long left = config.flushInterval().toNanos() - (System.nanoTime() - lastDurable);
    while (left > 0 && !changed && !closing) {
      LockSupport.parkNanos(this, left);
      left = config.flushInterval().toNanos() - (System.nanoTime() - lastDurable);
    }
    return !closing;
  }

  private void waitUntilIdle() {
    long before = changes.sum();
    for (int round = 0; round < BUSY_ROUNDS && !closing; round++) {
      pause(config.idleDelay());
      long now = changes.sum();
      if (now == before) {
        return;
      }
      before = now;
    }
  }

  private void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    long left = time.toNanos();
    while (left > 0 && !closing) {
      LockSupport.parkNanos(this, left);
      left = end - System.nanoTime();
    }
  }

  /** Stops the thread; does not end the epoch. */
  @Override
  public void close() {
    closing = true;
    if (thread == null) {
      return;
    }
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
