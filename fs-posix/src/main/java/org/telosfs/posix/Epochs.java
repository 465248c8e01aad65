package org.telosfs.posix;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.Baton;
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

  /** Inodes of which something waits, so that a node can be kept free for each. */
  private static final int MOST_WAITING = 512;

  /** Inodes that one transaction writes back. */
  private static final int INODES_AT_ONCE = 64;

  /** Against writers who are many and fast. */
  private static final int MOST_LAST_ROUNDS = 64;

  /** A file of more waiting pages is the last one of a transaction. */
  private static final int MANY_PAGES = 64;

  /** Pages that may be left to be committed while no operation runs: 4 MiB. */
  private static final long LAST_BYTES = 4 << 20;

  /** Of what may wait the background begins to commit at a quarter. */
  private static final int BACKGROUND_SHARE = 4;

  /** On a fuller volume nothing lags, so that what was freed is soon free: 256 MiB. */
  private static final long ROOMY_BLOCKS = 64 << 10;

  /** How waiting changes are committed; their inodes' locks are held exclusively. */
  interface Flusher {
    /** Commits all of most inodes, and of a large one the first part. */
    void flushSome(List<LiveInode> inodes) throws FsException;

    /** Whether something of an inode is left to be committed. */
    boolean waits(LiveInode inode);
  }

  private final PosixVolume volume;
  private final InodeTable table;
  private final InodeLocks locks;
  private final MountHealth health;
  private final PosixConfig config;

  private final ReentrantReadWriteLock epoch = new ReentrantReadWriteLock();
  private final ConcurrentLinkedQueue<LiveInode> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waitingInodes = new AtomicInteger();
  private final AtomicLong reservedBlocks = new AtomicLong();
  private final LongAdder changes = new LongAdder();

  /** One epoch ends at a time; whoever waits meanwhile is served by the next one. */
  private final Baton ending = new Baton();

  private volatile long begun;

  /** The last end that succeeded, as {@link #begun} counts them. */
  private volatile long ended;

  /** Pages come faster than the end of the epoch commits them: who brings them helps. */
  private volatile boolean outrun;

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
      wake();
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
      waitingInodes.incrementAndGet();
      waiting.add(inode);
    }
  }

  /** How many inodes wait. */
  int waitingInodes() {
    return waitingInodes.get();
  }

  /** There is something to be done soon after the tree falls idle. */
  void wake() {
    if (!changed) {
      changed = true;
      LockSupport.unpark(thread);
    }
  }

  // ---- ending

  /** After a change, under no lock: commits what waits when it has become too much. */
  void throttle() throws FsException {
    if (volume.openGroupBytes() > GROUP_BYTES) {
      // The thread writes the groups; only one that has fallen far behind holds operations up.
      boolean roomy = volume.stats().blocksAvailable() > ROOMY_BLOCKS;
      volume.awaitWritten(Math.max(0, end() - (roomy ? GROUPS_BEHIND : 0)));
    } else if (outrun && reservedBytes() > LAST_BYTES) {
      List<LiveInode> done = new ArrayList<>();
      try {
        flushSome(done);
      } finally {
        forget(done);
      }
    } else if (reservedBytes() > config.dirtyBytes() || waitingInodes.get() > MOST_WAITING) {
      List<LiveInode> done = new ArrayList<>();
      try {
        boolean some = true;
        while (some
            && (reservedBytes() > config.dirtyBytes() / 4 * 3
                || waitingInodes.get() > MOST_WAITING / 2)) {
          some = flushSome(done);
        }
      } finally {
        forget(done);
      }
    }
  }

  private long reservedBytes() {
    return reservedBlocks.get() * DirtyPages.PAGE_BYTES;
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
    if (!ending.take(() -> ended >= wanted)) {
      return lastSealed; // A whole end began after this call did, and succeeded.
    }
    try {
      requireHealthy();
      return endNow(() -> {});
    } finally {
      ending.putDown();
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
    ending.take();
    try {
      return endNow(last);
    } finally {
      ending.putDown();
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

  @SuppressWarnings("NonAtomicVolatileUpdate") // only by who holds `ending`
  private long endNow(Alone last) throws FsException {
    long number = ++begun;
    List<LiveInode> done = new ArrayList<>();
    try {
      flushMost(done);
      epoch.writeLock().lock();
      try {
        boolean some = true;
        while (some) {
          some = flushSome(done);
        }
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

  /** Commits what waits, while more may come. */
  private void flushMost(List<LiveInode> done) throws FsException {
    long rounds = waitingInodes.get() + reservedBytes() / GROUP_BYTES;
    boolean some = true;
    while (some && rounds-- > 0) {
      some = flushSome(done);
    }
    // What still comes meanwhile is left for when no operation runs, unless it is much.
    try {
      for (int i = 0; some && i < MOST_LAST_ROUNDS && reservedBytes() > LAST_BYTES; i++) {
        outrun = true;
        some = flushSome(done);
      }
    } finally {
      outrun = false;
    }
  }

  /**
   * Commits some of the inodes that wait and adds them to {@code done}, to be forgotten under no
   * lock; false if there are none.
   */
  private boolean flushSome(List<LiveInode> done) throws FsException {
    Flusher files = flusher;
    if (files == null) {
      throw new IllegalStateException("not started");
    }
    List<LiveInode> taken = new ArrayList<>();
    List<InodeLocks.Held> held = new ArrayList<>();
    // Within the epoch, so that it cannot be sealed between taking an inode and committing it.
    epoch.readLock().lock();
    try {
      take(taken, held);
      files.flushSome(taken);
    } finally {
      for (LiveInode inode : taken) {
        if (files.waits(inode)) {
          waiting.add(inode); // Of one that failed something waits for as long as the mount lives.
        } else {
          inode.setWaiting(false);
          waitingInodes.decrementAndGet();
          done.add(inode);
        }
      }
      held.forEach(InodeLocks.Held::close);
      epoch.readLock().unlock();
    }
    return !taken.isEmpty();
  }

  /** Takes inodes that wait and locks them; waits for the lock of the first one alone. */
  private void take(List<LiveInode> taken, List<InodeLocks.Held> held) {
    while (taken.size() < INODES_AT_ONCE) {
      LiveInode inode = waiting.poll();
      if (inode == null) {
        return;
      }
      InodeLocks.@Nullable Held lock =
          taken.isEmpty() ? locks.write(inode.value()) : locks.tryWrite(inode.value());
      if (lock == null) {
        waiting.add(inode);
        return;
      }
      taken.add(inode);
      held.add(lock);
      if (inode.pages().count() > MANY_PAGES) {
        return;
      }
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
    long enough = config.dirtyBytes() / BACKGROUND_SHARE;
    for (int round = 0; round < BUSY_ROUNDS && !closing && reservedBytes() < enough; round++) {
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
