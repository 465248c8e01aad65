package org.telosfs.block.volume;

/**
 * What a volume's format has beyond its version. Bits are on disk: append, never reuse.
 *
 * @param compatible may be ignored by who does not know them
 * @param readOnlyCompatible may be ignored by who only reads; opening always writes here
 * @param incompatible may not be ignored
 */
record FeatureBits(long compatible, long readOnlyCompatible, long incompatible) {
  /** Incompatible: groups of the journal may count only with data that they check. */
  static final long CHECKED_DATA = 1;

  static final FeatureBits NONE = new FeatureBits(0, 0, 0);

  private static final long KNOWN_READ_ONLY_COMPATIBLE = 0;
  private static final long KNOWN_INCOMPATIBLE = FeatureBits.CHECKED_DATA;

  /** These, and a journal whose groups check data, or one that is empty. */
  FeatureBits withCheckedData(boolean checked) {
    return new FeatureBits(
        compatible,
        readOnlyCompatible,
        checked ? incompatible | CHECKED_DATA : incompatible & ~CHECKED_DATA);
  }

  void requireKnown() throws VolumeFormatException {
    long incompatibleUnknown = incompatible & ~KNOWN_INCOMPATIBLE;
    if (incompatibleUnknown != 0) {
      throw VolumeFormatException.unknownFeatures("incompatible", incompatibleUnknown);
    }
    long readOnlyUnknown = readOnlyCompatible & ~KNOWN_READ_ONLY_COMPATIBLE;
    if (readOnlyUnknown != 0) {
      throw VolumeFormatException.unknownFeatures("read-only compatible", readOnlyUnknown);
    }
  }
}
