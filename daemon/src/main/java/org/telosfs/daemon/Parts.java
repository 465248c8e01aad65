package org.telosfs.daemon;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Open parts, closed in the reverse order; one that fails does not keep the others open. */
final class Parts implements Closeable {
  private final Deque<Closeable> open = new ArrayDeque<>();

  <T extends Closeable> T add(T part) {
    open.push(part);
    return part;
  }

  /**
   * @throws IOException the first failure, the others suppressed in it
   */
  @Override
  public void close() throws IOException {
    Throwable first = null;
    while (!open.isEmpty()) {
      first = closeOne(open.pop(), first);
    }
    if (first instanceof IOException io) {
      throw io;
    }
    if (first != null) {
      throw new IllegalStateException("closing failed", first);
    }
  }

  /** Closes all since {@code failure} made them useless; what else fails is suppressed in it. */
  void closeAfter(Exception failure) {
    try {
      close();
    } catch (IOException | RuntimeException also) {
      failure.addSuppressed(also);
    }
  }

  private static @Nullable Throwable closeOne(Closeable part, @Nullable Throwable first) {
    try {
      part.close();
      return first;
    } catch (IOException | RuntimeException failed) {
      if (first == null) {
        return failed;
      }
      first.addSuppressed(failed);
      return first;
    }
  }
}
