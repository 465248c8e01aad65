package org.telosfs.persistence.capability;

import java.util.Arrays;

/** Object ids, 8 to 16 bytes each. */
final class IdSet {
  private static final int FIRST_SLOTS = 64;

  /** A power of two of slots, at most half of them taken; 0 is free, as it is no id. */
  private long[] slots;

  private int size;

  IdSet() {
    this.slots = new long[FIRST_SLOTS];
  }

  private IdSet(long[] slots, int size) {
    this.slots = slots;
    this.size = size;
  }

  IdSet copy() {
    return new IdSet(slots.clone(), size);
  }

  int size() {
    return size;
  }

  boolean contains(long id) {
    return slots[slot(slots, id)] == id;
  }

  /** Returns whether it is new. */
  boolean add(long id) {
    int slot = slot(slots, id);
    if (slots[slot] == id) {
      return false;
    }
    slots[slot] = id;
    size++;
    if (2 * size > slots.length) {
      long[] larger = new long[2 * slots.length];
      for (long each : slots) {
        if (each != 0) {
          larger[slot(larger, each)] = each;
        }
      }
      slots = larger;
    }
    return true;
  }

  /** Where the id is or would be. */
  private static int slot(long[] in, long id) {
    int mask = in.length - 1;
    int slot = (int) ((id * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (in[slot] != 0 && in[slot] != id) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** What is in both. */
  IdSet and(IdSet other) {
    IdSet both = new IdSet();
    Arrays.stream(slots).filter(id -> id != 0 && other.contains(id)).forEach(both::add);
    return both;
  }
}
