package org.telosfs.fuse;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads that serve a session. At any time at most one of them, who has the reading role,
 * waits for a request; it gives the role up, serves the request, and takes the role again if it is
 * still free. Who finds it taken parks.
 *
 * <p>So as long as handlers are quick one thread does all work and no thread is ever woken. When a
 * handler waits nobody has the role: a watch that samples every millisecond sees that and wakes or
 * starts another thread; handlers that usually wait say so beforehand ({@link #aboutToBlock}). The
 * watch also adds threads up to {@code busyReaders} while requests keep coming faster than they are
 * served. It sleeps while nothing happens.
 */
final class ReaderPool {
  private static final System.Logger LOG = System.getLogger(ReaderPool.class.getName());
  private static final long SAMPLE_NANOS = 1_000_000;
  private static final int SAMPLES_UNTIL_SATURATED = 8;
  private static final int SAMPLES_UNTIL_ASLEEP = 50;
  private static final long PARKED_SECONDS = 30;

  private final InFlight inFlight;
  private final Server server;
  private final Runnable afterLast;
  private final int maxReaders;
  private final int busyReaders;
  private final AtomicBoolean reading = new AtomicBoolean();
  private final AtomicInteger threads = new AtomicInteger();
  private final AtomicInteger parked = new AtomicInteger();
  private final AtomicInteger names = new AtomicInteger();
  private final Semaphore wakeUps = new Semaphore(0);
  private final Thread watch = new Thread(this::watch, "telosfs-fuse-watch");
  private volatile boolean watchAsleep;
  private volatile boolean over;

  /**
   * @param afterLast runs in the last thread, when the channel has ended and all is served
   */
  ReaderPool(InFlight inFlight, Server server, Runnable afterLast, FuseConfig config) {
    this.inFlight = inFlight;
    this.server = server;
    this.afterLast = afterLast;
    this.maxReaders = config.maxReaders();
    this.busyReaders = config.busyReaders();
    watch.setDaemon(true);
  }

  void start() {
    startReader();
    watch.start();
  }

  /** The current handler will wait; someone else is to read meanwhile. */
  void aboutToBlock() {
    if (!reading.get()) {
      wakeOne();
    }
  }

  int size() {
    return threads.get();
  }

  private void startReader() {
    threads.incrementAndGet();
    Thread reader = new Thread(this::read, "telosfs-fuse-" + names.incrementAndGet());
    reader.setDaemon(true);
    reader.start();
  }

  private synchronized void wakeOne() {
    if (parked.get() > 0) {
      wakeUps.release();
    } else if (threads.get() < maxReaders && !over) {
      startReader();
    }
  }

  private void read() {
    Exchange exchange = inFlight.take();
    try {
      while (takeRole()) {
        int bytes = exchange.port().receive();
        if (bytes == FuseChannel.Port.UNMOUNTED) {
          end();
          return;
        }
        giveRoleUp();
        server.serve(exchange, bytes);
      }
    } catch (IOException broken) {
      LOG.log(System.Logger.Level.ERROR, "the connection to the kernel broke", broken);
      end();
    } finally {
      inFlight.giveBack(exchange);
      if (threads.decrementAndGet() == 0 && over) {
        afterLast.run();
      }
    }
  }

  /** True with the role; false if the thread is to leave. */
  private boolean takeRole() {
    while (!over) {
      if (reading.compareAndSet(false, true)) {
        return true;
      }
      if (!parkUntilWoken()) {
        return false;
      }
    }
    return false;
  }

  private void giveRoleUp() {
    reading.set(false);
    if (watchAsleep) {
      watchAsleep = false;
      LockSupport.unpark(watch);
    }
  }

  /**
   * For who serves a request that can wait: takes the next one if it is there and nobody else
   * reads; its bytes, or {@link FuseChannel.Port#NOTHING}.
   */
  int receiveIfThere(Exchange into) throws IOException {
    if (over || !reading.compareAndSet(false, true)) {
      return FuseChannel.Port.NOTHING;
    }
    try {
      return into.port().receiveIfThere();
    } finally {
      giveRoleUp();
    }
  }

  private boolean parkUntilWoken() {
    parked.incrementAndGet();
    try {
      return wakeUps.tryAcquire(PARKED_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException nobodyShould) {
      return true;
    } finally {
      parked.decrementAndGet();
    }
  }

  private void end() {
    over = true;
    wakeUps.release(maxReaders);
    LockSupport.unpark(watch);
  }

  private void watch() {
    long lastServed = -1;
    int unread = 0; // samples in a row in which nobody waited for a request
    int idle = 0; // samples in a row in which nothing happened
    while (!over) {
      LockSupport.parkNanos(SAMPLE_NANOS);
      long served = inFlight.sum(Exchange::served);
      boolean progress = served != lastServed;
      lastServed = served;
      if (reading.get()) {
        unread = 0;
        idle = progress ? 0 : idle + 1;
        if (idle >= SAMPLES_UNTIL_ASLEEP) {
          sleepUntilRequest();
          idle = 0;
        }
      } else {
        idle = 0;
        unread++;
        boolean waiting = unread > 1 && !progress;
        boolean saturated = unread > SAMPLES_UNTIL_SATURATED && threads.get() < busyReaders;
        if (waiting || saturated) {
          wakeOne();
          unread = 0;
        }
      }
    }
  }

  private void sleepUntilRequest() {
    watchAsleep = true;
    while (watchAsleep && reading.get() && !over) {
      LockSupport.park(this);
    }
    watchAsleep = false;
  }

  /** Serves one request that has been received. */
  interface Server {
    void serve(Exchange exchange, int bytes) throws IOException;
  }
}
