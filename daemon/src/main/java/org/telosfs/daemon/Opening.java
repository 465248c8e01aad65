package org.telosfs.daemon;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A part that a thread of its own opens while the caller does something else. */
final class Opening<T extends Closeable> implements Closeable {
  private final Thread thread;
  private @Nullable T part;
  private @Nullable IOException refused;
  private @Nullable RuntimeException failed;

  /** Opens a part. */
  interface Opener<T> {
    T open() throws IOException;
  }

  private Opening(String name, Opener<T> opener) {
    this.thread = new Thread(() -> open(opener), "telosfs-open-" + name);
  }

  static <T extends Closeable> Opening<T> begin(String name, Opener<T> opener) {
    Opening<T> opening = new Opening<>(name, opener);
    opening.thread.start();
    return opening;
  }

  private void open(Opener<T> opener) {
    try {
      part = opener.open();
    } catch (IOException e) {
      refused = e;
    } catch (RuntimeException e) {
      failed = e;
    }
  }

  /**
   * The open part; whoever has it leaves closing it to this.
   *
   * @throws IOException what kept it from being opened
   */
  T get() throws IOException {
    await();
    if (refused != null) {
      throw refused;
    }
    if (failed != null) {
      throw failed;
    }
    if (part == null) {
      throw new IllegalStateException(thread.getName() + " ended by an error");
    }
    return part;
  }

  /** Closes the part if it was opened. */
  @Override
  public void close() throws IOException {
    await();
    if (part != null) {
      part.close();
    }
  }

  /** Not to be interrupted: what was opened has to be closed. */
  private void await() {
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
}
