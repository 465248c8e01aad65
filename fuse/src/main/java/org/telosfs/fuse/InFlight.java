package org.telosfs.fuse;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * All exchanges of a session and what each is serving. Exchanges, whose buffers are large, are kept
 * for the next thread.
 */
final class InFlight {
  private static final long POLL_NANOS = 50_000;

  private final Supplier<Exchange> maker;
  private final ConcurrentLinkedDeque<Exchange> free = new ConcurrentLinkedDeque<>();
  private final List<Exchange> all = new CopyOnWriteArrayList<>();

  InFlight(Supplier<Exchange> maker) {
    this.maker = maker;
  }

  /** An exchange for the current thread. */
  Exchange take() {
    Exchange exchange = free.pollFirst();
    if (exchange == null) {
      exchange = maker.get();
      all.add(exchange);
    }
    exchange.ownedBy(Thread.currentThread());
    return exchange;
  }

  void giveBack(Exchange exchange) {
    exchange.ownedBy(null);
    free.addFirst(exchange);
  }

  /**
   * Nobody wants to wait for the request any more. It is answered all the same: a handler may look
   * and stop early. Unknown if it has been answered already, which is as good.
   */
  void interrupt(long unique) {
    for (Exchange exchange : all) {
      exchange.interrupt(unique);
    }
  }

  /** How many requests are being served. */
  int size() {
    return (int) sum(exchange -> exchange.serving() == 0 ? 0 : 1);
  }

  /** A count over all exchanges. */
  long sum(ToLongFunction<Exchange> count) {
    long sum = 0;
    for (Exchange exchange : all) {
      sum += count.applyAsLong(exchange);
    }
    return sum;
  }

  /**
   * Waits until all that is being served now has been answered, except by {@code caller}, who may
   * be serving a request itself. What is served after this was called has seen what happened before
   * it.
   *
   * @return false if that took longer than {@code deadline}
   */
  boolean awaitAnswered(@Nullable Thread caller, Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    for (Exchange exchange : all) {
      long serving = exchange.serving();
      if (serving == 0 || exchange.owner() == caller) {
        continue;
      }
      while (exchange.serving() == serving) {
        if (System.nanoTime() - end > 0) {
          return false;
        }
        LockSupport.parkNanos(POLL_NANOS);
      }
    }
    return true;
  }
}
