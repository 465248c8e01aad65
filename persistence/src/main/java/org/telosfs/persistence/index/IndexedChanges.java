package org.telosfs.persistence.index;

import java.util.Arrays;

/** The changes of one transaction, without an object for each; used again for the next one. */
final class IndexedChanges {

  private static final int FIRST_CHANGES = 64;
  private static final long DELETED = Long.MIN_VALUE;

  private long[] objects = new long[FIRST_CHANGES];
  private long[] positions = new long[FIRST_CHANGES];
  private int count;

  int count() {
    return count;
  }

  void clear() {
    count = 0;
  }

  void add(long object, long position, boolean deleted) {
    if (count == objects.length) {
      objects = Arrays.copyOf(objects, 2 * count);
      positions = Arrays.copyOf(positions, 2 * count);
    }
    objects[count] = object;
    positions[count++] = deleted ? position | DELETED : position;
  }

  long object(int change) {
    return objects[change];
  }

  long position(int change) {
    return positions[change] & ~DELETED;
  }

  boolean deleted(int change) {
    return positions[change] < 0;
  }
}
