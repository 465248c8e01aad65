package org.telosfs.daemon.demo;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.telosfs.persistence.ObjectStore;

/** Tends a garden at regular times until it is closed. */
public final class Gardener implements Closeable {
  private static final System.Logger LOG = System.getLogger(Gardener.class.getName());

  private final Garden garden;
  private final Duration pause;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "demo");

  private Gardener(Garden garden, Duration pause) {
    this.garden = garden;
    this.pause = pause;
  }

  /** Lays the garden out if it is not there, and begins. */
  public static Gardener start(ObjectStore store, Duration pause) throws IOException {
    Garden garden = new Garden(store, new Random(), InstantSource.system());
    garden.layOut();
    Gardener gardener = new Gardener(garden, pause);
    gardener.thread.setDaemon(true);
    gardener.thread.start();
    return gardener;
  }

  private void run() {
    try {
      while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        tend();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void tend() {
    try {
      garden.tend();
    } catch (IOException | RuntimeException failed) {
      LOG.log(System.Logger.Level.WARNING, "the garden was not tended", failed);
    }
  }

  /** Waits for the transaction under way. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
