package org.telosfs.daemon.bench;

/**
 * What clients that commit notice of a pack.
 *
 * @param before they alone
 * @param beside while the pack ran
 * @param after they alone again
 * @param packSeconds how long the pack took
 * @param bytesBefore what the store took on disk when the pack began
 * @param bytesMost the most that it took while the pack ran, with what was committed meanwhile
 * @param bytesAfter what it took when the pack had ended, with what was committed meanwhile
 */
public record PackMeasured(
    StoreMeasured before,
    StoreMeasured beside,
    StoreMeasured after,
    double packSeconds,
    long bytesBefore,
    long bytesMost,
    long bytesAfter) {

  /** The share of their rate that the clients kept. */
  public double kept() {
    return beside.callsPerSecond() / before.callsPerSecond();
  }
}
