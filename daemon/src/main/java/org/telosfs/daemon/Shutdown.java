package org.telosfs.daemon;

import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends the daemon when the process is told to end (SIGTERM, Ctrl-C). The process stays until the
 * mounts are free: one in use is named, goes on being served, and is tried again, for detaching it
 * would leave its users with a dead tree. Everything is flushed before the process ends.
 */
public final class Shutdown {
  private static final System.Logger LOG = System.getLogger(Shutdown.class.getName());
  private static final long RETRY_MILLIS = 300;

  private final Daemon daemon;
  private final PrintStream messages;
  private final CountDownLatch ended = new CountDownLatch(1);

  private Shutdown(Daemon daemon, PrintStream messages) {
    this.daemon = daemon;
    this.messages = messages;
  }

  /** From now on a signal ends the daemon in order. */
  public static Shutdown onSignalsEnd(Daemon daemon, PrintStream messages) {
    Shutdown shutdown = new Shutdown(daemon, messages);
    Runtime.getRuntime().addShutdownHook(new Thread(shutdown::run, "shutdown"));
    return shutdown;
  }

  /** The daemon is closed: a process that is ending need not wait any longer. */
  public void daemonEnded() {
    ended.countDown();
  }

  private void run() {
    if (ended.getCount() == 0) {
      return;
    }
    LOG.log(System.Logger.Level.INFO, "told to end");
    try {
      String said = "";
      for (String busy = tryUnmount(); !busy.isEmpty(); busy = tryUnmount()) {
        if (!busy.equals(said)) {
          messages.println("telosfs: " + busy + "; it is served until then");
          said = busy;
        }
        if (ended.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
      ended.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What keeps a mount; empty if none is left. */
  private String tryUnmount() {
    try {
      daemon.mounts().unmountAll();
      return "";
    } catch (IOException stays) {
      return Failure.of(stays).message();
    }
  }
}
