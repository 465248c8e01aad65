package org.telosfs.persistence.index;

import java.util.Arrays;
import java.util.function.LongConsumer;
import org.telosfs.persistence.ObjectId;

/**
 * Object ids. Ids are given out one after another, so 64 neighbours share a word of bits: what is
 * dense costs half a byte an id, what is scattered 32 bytes. Not safe for use by several threads.
 */
public final class IdSet {

  private static final int FIRST_SLOTS = 16;

  /**
   * A hash table of words, at most half full: the number of the word, which is that of its ids
   * without their lowest six bits, plus one, then its bits. A number of 0 is a free slot.
   */
  private long[] slots;

  private int words;
  private long size;

  public IdSet() {
    this(new long[2 * FIRST_SLOTS], 0, 0);
  }

  private IdSet(long[] slots, int words, long size) {
    this.slots = slots;
    this.words = words;
    this.size = size;
  }

  /** What is done with 64 neighbours of which at least one is in the set. */
  @FunctionalInterface
  public interface WordVisitor {

    /**
     * Takes the next word.
     *
     * @param number of the ids {@code 64 * number} to {@code 64 * number + 63}
     * @param bits which of them, the first in the lowest bit
     */
    void visit(long number, long bits);
  }

  public IdSet copy() {
    return new IdSet(slots.clone(), words, size);
  }

  public long size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public boolean contains(ObjectId id) {
    return contains(id.value());
  }

  /** As the other, of the id's value. */
  public boolean contains(long id) {
    return (slots[slot(slots, number(id)) + 1] & bit(id)) != 0;
  }

  /** Returns whether it is new. */
  public boolean add(ObjectId id) {
    return addWord(number(id.value()), bit(id.value())) != 0;
  }

  /** Adds some of 64 neighbours, as a {@link WordVisitor} is told them; returns the new ones. */
  public long addWord(long number, long bits) {
    int slot = slot(slots, number);
    long added = bits & ~slots[slot + 1];
    if (added == 0) {
      return 0;
    }
    if (slots[slot] == 0) {
      if (4 * (words + 1) > slots.length) {
        enlarge();
        slot = slot(slots, number);
      }
      slots[slot] = number + 1;
      words++;
    }
    slots[slot + 1] |= added;
    size += Long.bitCount(added);
    return added;
  }

  /** What is in both. */
  public IdSet and(IdSet other) {
    IdSet both = new IdSet();
    for (int slot = 0; slot < slots.length; slot += 2) {
      if (slots[slot] != 0) {
        long number = slots[slot] - 1;
        both.addWord(number, slots[slot + 1] & other.slots[slot(other.slots, number) + 1]);
      }
    }
    return both;
  }

  /** Visits all ids, ascending. */
  public void forEach(LongConsumer visitor) {
    forEachWord(
        (number, bits) -> {
          for (long left = bits; left != 0; left &= left - 1) {
            visitor.accept(number * Long.SIZE + Long.numberOfTrailingZeros(left));
          }
        });
  }

  /** Visits all words with an id in them, ascending. */
  public void forEachWord(WordVisitor visitor) {
    long[] numbers = new long[words];
    int found = 0;
    for (int slot = 0; slot < slots.length; slot += 2) {
      if (slots[slot] != 0) {
        numbers[found++] = slots[slot] - 1;
      }
    }
    Arrays.sort(numbers);
    for (long number : numbers) {
      visitor.visit(number, slots[slot(slots, number) + 1]);
    }
  }

  private void enlarge() {
    long[] larger = new long[2 * slots.length];
    for (int slot = 0; slot < slots.length; slot += 2) {
      if (slots[slot] != 0) {
        int moved = slot(larger, slots[slot] - 1);
        larger[moved] = slots[slot];
        larger[moved + 1] = slots[slot + 1];
      }
    }
    slots = larger;
  }

  /** Where the word is or would be. */
  private static int slot(long[] in, long number) {
    int mask = in.length - 2;
    int slot = ((int) ((number * 0x9E3779B97F4A7C15L) >>> 32) << 1) & mask;
    while (in[slot] != 0 && in[slot] != number + 1) {
      slot = (slot + 2) & mask;
    }
    return slot;
  }

  private static long number(long id) {
    return id >>> 6;
  }

  private static long bit(long id) {
    return 1L << id;
  }
}
