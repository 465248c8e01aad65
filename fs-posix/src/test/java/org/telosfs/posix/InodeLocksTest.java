package org.telosfs.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InodeLocksTest {
  private static final int STRIPES = 1024;

  private final InodeLocks locks = new InodeLocks();
  private final ExecutorService threads = Executors.newFixedThreadPool(4);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void oneStripeIsTakenOnce() throws Exception {
    try (InodeLocks.Held held = locks.write(5, 5 + STRIPES, 5, 7)) {
      assertFalse(canWrite(5));
    }
    assertTrue(canWrite(5));
    assertTrue(canWrite(7));
  }

  @Test
  void readersShareAndWritersDoNot() throws Exception {
    try (InodeLocks.Held held = locks.read(5)) {
      Future<Boolean> other =
          threads.submit(
              () -> {
                try (InodeLocks.Held too = locks.read(5)) {
                  return true;
                }
              });
      assertTrue(other.get(10, TimeUnit.SECONDS));
      assertFalse(canWrite(5));
      assertTrue(canWrite(6));
    }
  }

  /** Whether another thread gets the lock before this one lets go of what it holds. */
  private boolean canWrite(long inode) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    Future<Boolean> other =
        threads.submit(
            () -> {
              asked.countDown();
              try (InodeLocks.Held held = locks.write(inode)) {
                return true;
              }
            });
    asked.await();
    try {
      return other.get(100, TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.TimeoutException held) {
      return false;
    }
  }

  @Test
  void anyOrderOfInodesIsSafe() throws Exception {
    int[] counters = new int[STRIPES];
    int rounds = 20_000;
    Future<?>[] done = new Future<?>[4];
    for (int t = 0; t < done.length; t++) {
      Random random = new Random(t);
      done[t] =
          threads.submit(
              () -> {
                for (int i = 0; i < rounds; i++) {
                  int a = random.nextInt(8);
                  int b = random.nextInt(8);
                  try (InodeLocks.Held held = locks.write(a, b, a + STRIPES)) {
                    counters[a]++;
                    counters[b]++;
                  }
                }
              });
    }
    for (Future<?> one : done) {
      one.get(60, TimeUnit.SECONDS);
    }
    int sum = 0;
    for (int counter : counters) {
      sum += counter;
    }
    assertEquals(done.length * rounds * 2, sum);
  }
}
