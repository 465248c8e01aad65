package org.telosfs.daemon.bench;

/**
 * One measurement.
 *
 * @param name of what was done
 * @param operations how often
 * @param seconds in all
 * @param p50Micros half of the operations took no longer
 * @param p99Micros 99 of 100 took no longer
 * @param bytesMoved of data; 0 where that is not the point
 */
public record Measured(
    String name,
    long operations,
    double seconds,
    double p50Micros,
    double p99Micros,
    long bytesMoved) {

  public double operationsPerSecond() {
    return operations / seconds;
  }

  public double mebibytesPerSecond() {
    return bytesMoved / seconds / (1 << 20);
  }
}
