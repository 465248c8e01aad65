package org.telosfs.vfs;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Ranges of memory outside the heap that are one content, one behind the other. Made once and
 * filled again and again; used by one thread.
 */
public final class ContentPieces {
  private static final int PIECES = 16;

  private ByteBuffer[] memory = new ByteBuffer[PIECES];
  private int[] offsets = new int[PIECES];
  private int[] lengths = new int[PIECES];
  private int count;
  private int totalBytes;

  /** None any more. */
  public void clear() {
    Arrays.fill(memory, 0, count, null);
    count = 0;
    totalBytes = 0;
  }

  /**
   * One more, behind the others.
   *
   * @param direct where it lies, its position being 0
   * @param offset of its first byte in {@code direct}
   * @param lengthBytes more than 0
   * @throws IllegalArgumentException if the memory is on the heap or its position another
   * @throws IndexOutOfBoundsException if the range is not inside it
   */
  public void add(ByteBuffer direct, int offset, int lengthBytes) {
    if (!direct.isDirect() || direct.position() != 0 || lengthBytes <= 0) {
      throw new IllegalArgumentException(lengthBytes + " bytes of " + direct);
    }
    if (offset < 0 || offset > direct.capacity() - lengthBytes) {
      throw new IndexOutOfBoundsException(offset + "+" + lengthBytes + " of " + direct);
    }
    if (count == memory.length) {
      memory = Arrays.copyOf(memory, 2 * count);
      offsets = Arrays.copyOf(offsets, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    memory[count] = direct;
    offsets[count] = offset;
    lengths[count] = lengthBytes;
    count++;
    totalBytes = Math.addExact(totalBytes, lengthBytes);
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** How many bytes all of them are. */
  public int totalBytes() {
    return totalBytes;
  }

  /** Where a piece lies. */
  public ByteBuffer memory(int piece) {
    return memory[piece];
  }

  /** The first byte of a piece in {@link #memory}. */
  public int offset(int piece) {
    return offsets[piece];
  }

  /** How many bytes a piece is. */
  public int lengthBytes(int piece) {
    return lengths[piece];
  }

  /** Copies all of them to {@code into}, from its position on, moving it. */
  public void copyTo(ByteBuffer into) {
    for (int piece = 0; piece < count; piece++) {
      into.put(into.position(), memory[piece], offsets[piece], lengths[piece]);
      into.position(into.position() + lengths[piece]);
    }
  }
}
