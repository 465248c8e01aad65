package org.telosfs.block.volume;

import java.io.IOException;

/**
 * A device cannot be opened as a volume. The four kinds call for different actions; nothing was
 * written in any of them.
 */
public abstract sealed class VolumeFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  private VolumeFormatException(String message) {
    super(message);
  }

  /** There is no volume: another file, or nothing yet. */
  public static final class NotOurs extends VolumeFormatException {
    private static final long serialVersionUID = 1L;

    private NotOurs(String message) {
      super(message);
    }
  }

  /** Written by a version that is no longer read: convert it with the version that reads both. */
  public static final class TooOld extends VolumeFormatException {
    private static final long serialVersionUID = 1L;

    private TooOld(String message) {
      super(message);
    }
  }

  /** Written by a later version, or with features unknown here: upgrade. */
  public static final class TooNew extends VolumeFormatException {
    private static final long serialVersionUID = 1L;

    private TooNew(String message) {
      super(message);
    }
  }

  /** A volume, but damaged: restore it, or look at what scrub tells. */
  public static final class Corrupt extends VolumeFormatException {
    private static final long serialVersionUID = 1L;

    private final String place;

    private Corrupt(String place, String message) {
      super(message);
      this.place = place;
    }

    /** What is damaged, and where it lies. */
    public String place() {
      return place;
    }
  }

  static NotOurs notOurs(long magic) {
    return new NotOurs(
        String.format(
            "no volume: the device starts with %016x, a volume with %016x",
            magic, SuperblockFormat.MAGIC));
  }

  static TooOld tooOld(int version) {
    return new TooOld(
        "the volume has version "
            + version
            + ", the oldest read here is "
            + SuperblockFormat.VERSION);
  }

  static TooNew tooNew(int version) {
    return new TooNew(
        "the volume has version "
            + version
            + ", the newest read here is "
            + SuperblockFormat.VERSION);
  }

  static TooNew unknownFeatures(String kind, long bits) {
    return new TooNew(
        String.format(
            "the volume has unknown %s features %016x: a later version made it", kind, bits));
  }

  static Corrupt corrupt(String place, Object expected, Object actual) {
    return new Corrupt(place, place + " is damaged: expected " + expected + ", found " + actual);
  }

  static Corrupt corrupt(String place, IOException damage) {
    Corrupt corrupt = new Corrupt(place, place + " is damaged: " + damage.getMessage());
    corrupt.initCause(damage);
    return corrupt;
  }
}
