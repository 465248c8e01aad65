package org.telosfs.persistence;

/**
 * Identity of an object for ever: positive, given out by {@link ObjectStore#newIds}, never used
 * twice for two objects that were committed. Its text is 16 lower-case hexadecimal digits, so that
 * texts sort as the ids do.
 */
public record ObjectId(long value) implements Comparable<ObjectId> {

  /**
   * The object whose slots are the named roots; changed by {@link StoreTransaction#setRoot} alone.
   */
  public static final ObjectId ROOTS = new ObjectId(1);

  /** The greatest id there can be. */
  public static final ObjectId MAX = new ObjectId(Long.MAX_VALUE);

  public ObjectId {
    if (value <= 0) {
      throw new IllegalArgumentException("an object id is positive, not " + value);
    }
  }

  /**
   * The id that {@link #toString} wrote.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static ObjectId parse(String text) {
    return new ObjectId(HexText.parse(text, "object id"));
  }

  @Override
  public int compareTo(ObjectId other) {
    return Long.compare(value, other.value);
  }

  @Override
  public String toString() {
    return HexText.of(value);
  }
}
