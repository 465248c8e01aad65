package org.telosfs.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EarlyFlushTest {

  @Test
  void muchThatWasWrittenIsFlushedWithoutBeingAsked() throws Exception {
    CountDownLatch flushed = new CountDownLatch(1);
    try (EarlyFlush early = new EarlyFlush(flushed::countDown, "file")) {
      early.wrote(EarlyFlush.BYTES / 2);
      assertEquals(1, flushed.getCount());
      early.wrote(EarlyFlush.BYTES / 2);
      flushed.await();
    }
  }

  @Test
  void whatWasFlushedOnRequestDoesNotCount() throws Exception {
    AtomicInteger flushes = new AtomicInteger();
    try (EarlyFlush early = new EarlyFlush(flushes::incrementAndGet, "file")) {
      for (int i = 1; i <= 5; i++) {
        early.wrote(EarlyFlush.BYTES - 1);
        early.flush();
      }
    }
    assertEquals(5, flushes.get());
  }

  @Test
  void aFailureNobodyWaitedForFailsEveryLaterFlush() throws Exception {
    CountDownLatch failed = new CountDownLatch(1);
    AtomicInteger flushes = new AtomicInteger();
    EarlyFlush early =
        new EarlyFlush(
            () -> {
              flushes.incrementAndGet();
              failed.countDown();
              throw new IOException("Input/output error");
            },
            "file");
    early.wrote(EarlyFlush.BYTES);
    failed.await();
    for (int i = 0; i < 2; i++) {
      IOException told = assertThrows(IOException.class, early::flush);
      assertTrue(told.getMessage().contains("Input/output error"), told.getMessage());
    }
    assertEquals(1, flushes.get(), "a second sync that succeeds would mean nothing");
    early.close();
  }

  @Test
  void closingWaitsForWhatIsUnderWay() throws Exception {
    Semaphore goOn = new Semaphore(0);
    CountDownLatch started = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    EarlyFlush early =
        new EarlyFlush(
            () -> {
              started.countDown();
              goOn.acquireUninterruptibly();
              ended.incrementAndGet();
            },
            "file");
    early.wrote(EarlyFlush.BYTES);
    started.await();
    Thread closing = new Thread(early::close);
    closing.start();
    goOn.release();
    closing.join();
    assertEquals(1, ended.get());
  }
}
