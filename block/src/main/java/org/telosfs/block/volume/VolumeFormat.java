package org.telosfs.block.volume;

import java.util.UUID;

/**
 * What is decided when a volume is made.
 *
 * @param id tells this volume from all others
 * @param journalBytes size of the journal's ring, a multiple of 4096; 0 lets the device's size
 *     decide
 */
public record VolumeFormat(UUID id, long journalBytes) {
  /** Smallest device that holds a volume. */
  public static final long LEAST_DEVICE_BYTES = 4L << 20;

  public VolumeFormat {
    if (journalBytes < 0 || journalBytes % 4096 != 0) {
      throw new IllegalArgumentException("journalBytes=" + journalBytes);
    }
  }

  /** A new volume with a random id. */
  public static VolumeFormat fresh() {
    return new VolumeFormat(UUID.randomUUID(), 0);
  }

  /** A volume with the given id, for tests that compare bytes. */
  public static VolumeFormat withId(UUID id) {
    return new VolumeFormat(id, 0);
  }
}
