package org.telosfs.daemon.bench;

import java.io.IOException;
import org.HdrHistogram.Histogram;

/** Times one kind of operation, each call by itself. */
final class Stopwatch {
  private static final int DIGITS = 3;
  private static final double NANOS_PER_MICRO = 1_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private final Histogram nanos = new Histogram(DIGITS);
  private final long started = System.nanoTime();

  /** What is timed. */
  @FunctionalInterface
  interface Operation {
    void run() throws IOException;
  }

  void time(Operation operation) throws IOException {
    long before = System.nanoTime();
    operation.run();
    nanos.recordValue(System.nanoTime() - before);
  }

  Measured result(String name, long bytesMoved) {
    return new Measured(
        name,
        nanos.getTotalCount(),
        (System.nanoTime() - started) / NANOS_PER_SECOND,
        nanos.getValueAtPercentile(50) / NANOS_PER_MICRO,
        nanos.getValueAtPercentile(99) / NANOS_PER_MICRO,
        bytesMoved);
  }
}
