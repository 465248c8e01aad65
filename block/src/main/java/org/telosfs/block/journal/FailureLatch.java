package org.telosfs.block.journal;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the first failed write or flush, after which nothing may be promised again. Safe for
 * threads.
 */
public final class FailureLatch {
  private final AtomicReference<@Nullable IOException> first = new AtomicReference<>();
  private final Function<IOException, ? extends IOException> refusal;

  /** {@code refusal} makes of the first failure what later callers get. */
  public FailureLatch(Function<IOException, ? extends IOException> refusal) {
    this.refusal = refusal;
  }

  /** Ends writing with this failure, unless an earlier one did; returns what to throw. */
  public IOException fail(IOException failure) {
    first.compareAndSet(null, failure);
    return refuse();
  }

  private IOException refuse() {
    IOException cause = first.get();
    if (cause == null) {
      throw new IllegalStateException("nothing has failed");
    }
    return refusal.apply(cause);
  }

  /** Throws if writing has ended. */
  public void check() throws IOException {
    if (first.get() != null) {
      throw refuse();
    }
  }

  /** True if writing has ended. */
  public boolean hasFailed() {
    return first.get() != null;
  }
}
