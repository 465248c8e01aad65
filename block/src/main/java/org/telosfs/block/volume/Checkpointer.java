package org.telosfs.block.volume;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.lang.System.Logger.Level;

/** Makes checkpoints on a thread of its own whenever it is woken. */
final class Checkpointer {
  private static final System.Logger LOG = System.getLogger(Checkpointer.class.getName());

  /** Makes one checkpoint. */
  interface Work {
    void run() throws IOException;
  }

  private final Work work;
  private final Thread thread;

  @GuardedBy("this")
  private boolean wanted;

  @GuardedBy("this")
  private boolean stopping;

  Checkpointer(Work work) {
    this.work = work;
    this.thread = new Thread(this::loop, "telosfs-checkpoint");
    thread.setDaemon(true);
    thread.start();
  }

  synchronized void wake() {
    wanted = true;
    notifyAll();
  }

  /** Ends the thread after the checkpoint it may be making. */
  void stop() {
    synchronized (this) {
      stopping = true;
      notifyAll();
    }
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

  private void loop() {
    try {
      while (awaitWork()) {
        checkpoint();
      }
    } catch (InterruptedException ended) {
      LOG.log(Level.WARNING, "the checkpoint thread was interrupted");
    }
  }

  private void checkpoint() {
    try {
      work.run();
    } catch (IOException failed) {
      // If writing has ended, the volume tells every writer so.
      LOG.log(Level.ERROR, "a checkpoint failed", failed);
    }
  }

  private synchronized boolean awaitWork() throws InterruptedException {
    while (!wanted && !stopping) {
      wait();
    }
    wanted = false;
    return !stopping;
  }
}
