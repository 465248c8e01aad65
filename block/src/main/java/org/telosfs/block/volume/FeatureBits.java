package org.telosfs.block.volume;

/**
 * What a volume's format has beyond its version. Bits are on disk: append, never reuse. This
 * version knows none.
 *
 * @param compatible may be ignored by who does not know them
 * @param readOnlyCompatible may be ignored by who only reads; opening always writes here
 * @param incompatible may not be ignored
 */
record FeatureBits(long compatible, long readOnlyCompatible, long incompatible) {
  static final FeatureBits NONE = new FeatureBits(0, 0, 0);

  private static final long KNOWN_READ_ONLY_COMPATIBLE = 0;
  private static final long KNOWN_INCOMPATIBLE = 0;

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
