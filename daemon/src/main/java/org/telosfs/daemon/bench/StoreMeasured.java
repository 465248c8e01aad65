package org.telosfs.daemon.bench;

/**
 * One measurement of an object store.
 *
 * @param work what was done
 * @param clients at once, each with a connection of its own
 * @param batch objects in one call or transaction; 0 where none are
 * @param bytes of an object
 * @param calls calls or transactions of all clients
 * @param seconds in which they were made
 * @param p50Micros half of the calls took no longer
 * @param p99Micros 99 of 100 took no longer
 */
public record StoreMeasured(
    String work,
    int clients,
    int batch,
    int bytes,
    long calls,
    double seconds,
    double p50Micros,
    double p99Micros) {

  public double callsPerSecond() {
    return calls / seconds;
  }

  public double objectsPerSecond() {
    return callsPerSecond() * batch;
  }

  public double mebibytesPerSecond() {
    return objectsPerSecond() * bytes / (1 << 20);
  }
}
