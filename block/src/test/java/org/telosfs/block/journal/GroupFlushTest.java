package org.telosfs.block.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupFlushTest {
  private static final int WAITERS = 8;

  private final AtomicLong sealed = new AtomicLong();
  private final AtomicInteger flushes = new AtomicInteger();
  private final CountDownLatch flushStarted = new CountDownLatch(1);
  private final CountDownLatch flushMayEnd = new CountDownLatch(1);
  private final FailureLatch latch = new FailureLatch(IOException::new);
  private final IOException failure = new IOException("medium");
  private boolean fails;
  private final ExecutorService threads = Executors.newFixedThreadPool(WAITERS + 1);

  private final GroupFlush group =
      new GroupFlush(
          0,
          new GroupFlush.Work() {
            @Override
            public long write() {
              return sealed.get();
            }

            @Override
            public void flush() throws IOException {
              flushes.incrementAndGet();
              flushStarted.countDown();
              await(flushMayEnd);
              if (fails) {
                throw failure;
              }
            }
          },
          () -> {
            throw new AssertionError("there is room");
          },
          latch);

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  private Future<?> waiter(long sequence) {
    return threads.submit(
        () -> {
          group.awaitDurable(sequence);
          return null;
        });
  }

  /** One leader inside its flush, and waiters for later groups behind it. */
  private List<Future<?>> leaderAndWaiters() throws IOException {
    List<Future<?>> all = new ArrayList<>();
    sealed.set(1);
    all.add(waiter(1));
    await(flushStarted);
    for (int i = 0; i < WAITERS; i++) {
      long sequence = sealed.incrementAndGet();
      all.add(waiter(sequence));
    }
    flushMayEnd.countDown();
    return all;
  }

  @Test
  void oneFlushServesAllWhoWait() throws Exception {
    for (Future<?> waiter : leaderAndWaiters()) {
      waiter.get(30, TimeUnit.SECONDS);
    }
    assertEquals(2, flushes.get());
    assertEquals(1 + WAITERS, group.durable());
  }

  @Test
  void failedFlushFailsEveryWaiterAndEndsWriting() throws Exception {
    fails = true;
    for (Future<?> waiter : leaderAndWaiters()) {
      ExecutionException failed =
          assertThrows(ExecutionException.class, () -> waiter.get(30, TimeUnit.SECONDS));
      assertSame(failure, failed.getCause().getCause());
    }
    assertEquals(1, flushes.get());
    assertEquals(0, group.durable());
    assertThrows(IOException.class, () -> group.awaitWritten(sealed.incrementAndGet()));
  }

  @Test
  void whatIsDurableNeedsNoFlush() throws IOException {
    flushMayEnd.countDown();
    sealed.set(3);
    group.awaitDurable(3);
    group.awaitDurable(2);
    group.awaitWritten(3);
    assertEquals(1, flushes.get());
  }
}
