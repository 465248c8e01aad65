package org.telosfs.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BatonTest {
  private final Baton baton = new Baton();

  @Test
  void oneAtATimeWorksAndAllGoOn() throws Exception {
    int threads = 8;
    int rounds = 2_000;
    AtomicInteger holders = new AtomicInteger();
    int[] done = new int[1];
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<Integer>> results = new ArrayList<>();
    Callable<Integer> work =
        () -> {
          int taken = 0;
          for (int i = 0; i < rounds; i++) {
            assertTrue(baton.take(() -> false));
            assertEquals(1, holders.incrementAndGet());
            done[0]++;
            holders.decrementAndGet();
            baton.putDown();
            taken++;
          }
          return taken;
        };
    try {
      for (int i = 0; i < threads; i++) {
        results.add(pool.submit(work));
      }
      for (Future<Integer> result : results) {
        assertEquals(rounds, result.get());
      }
    } finally {
      pool.shutdown();
    }
    assertEquals(threads * rounds, done[0]);
  }

  @Test
  void whatBecameNeedlessJustBeforeTheTakingIsNotTaken() {
    AtomicInteger asked = new AtomicInteger();
    assertFalse(baton.take(() -> asked.getAndIncrement() > 0));
    assertTrue(baton.take(() -> false), "nobody holds it");
    baton.putDown();
  }

  @Test
  void isNotTakenWhenNeedless() {
    assertFalse(baton.take(() -> true));
    baton.take();
    assertFalse(baton.take(() -> true));
    baton.putDown();
  }

  @Test
  void anInterruptIsKeptForLater() {
    baton.take();
    Thread.currentThread().interrupt();
    AtomicInteger asked = new AtomicInteger();
    assertFalse(baton.take(() -> asked.incrementAndGet() > 1)); // the interrupt wakes it once
    assertTrue(Thread.interrupted());
    baton.putDown();
  }
}
