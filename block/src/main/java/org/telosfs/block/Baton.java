package org.telosfs.block;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Whoever holds it works for all who wait. Unlike a lock it is not handed from one to the next of
 * those who wait: when it is put down all of them look at once, and whoever finds the work done
 * goes on without having held it. Safe for threads; not to be taken twice by one.
 */
public final class Baton {
  private final AtomicBoolean taken = new AtomicBoolean();
  private final ConcurrentLinkedQueue<Thread> waiting = new ConcurrentLinkedQueue<>();

  /**
   * Takes it, unless that becomes needless while waiting for it.
   *
   * @param needless what the work of others may bring about
   * @return true if it was taken, and is to be {@link #putDown}
   */
  public boolean take(BooleanSupplier needless) {
    boolean interrupted = false;
    boolean took = false;
    while (!took && !needless.getAsBoolean()) {
      if (taken.compareAndSet(false, true)) {
        // Whoever put it down since the question may have brought it about.
        took = !needless.getAsBoolean();
        if (!took) {
          putDown();
        }
        continue;
      }
      waiting.add(Thread.currentThread());
      if (taken.get()) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return took;
  }

  /** Takes it. */
  public void take() {
    take(() -> false);
  }

  /** Puts it down, after the work. */
  public void putDown() {
    taken.set(false);
    for (Thread next = waiting.poll(); next != null; next = waiting.poll()) {
      LockSupport.unpark(next);
    }
  }
}
