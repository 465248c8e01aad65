package org.telosfs.block;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A key of a volume's map: 1..{@value #MAX_BYTES} bytes, ordered as unsigned bytes. Immutable: who
 * hands an array over or gets one out never changes it.
 */
public final class Key implements Comparable<Key> {
  /** Longest key. */
  public static final int MAX_BYTES = 1024;

  private final byte[] bytes;

  private Key(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * A key of these bytes, which are not copied.
   *
   * @throws IllegalArgumentException if there are none or more than {@link #MAX_BYTES}
   */
  public static Key of(byte... bytes) {
    if (bytes.length == 0 || bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException("key of " + bytes.length + " bytes");
    }
    return new Key(bytes);
  }

  /** The bytes themselves, not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** How many bytes. */
  public int length() {
    return bytes.length;
  }

  /** True if this key begins with all bytes of the other. */
  public boolean startsWith(Key prefix) {
    return bytes.length >= prefix.bytes.length
        && Arrays.equals(bytes, 0, prefix.bytes.length, prefix.bytes, 0, prefix.bytes.length);
  }

  /** The least key above all that begin with this one; null if there is none. */
  public @Nullable Key afterPrefix() {
    int last = bytes.length - 1;
    while (last >= 0 && bytes[last] == (byte) 0xFF) {
      last--;
    }
    if (last < 0) {
      return null;
    }
    byte[] after = Arrays.copyOf(bytes, last + 1);
    after[last]++;
    return new Key(after);
  }

  @Override
  public int compareTo(Key other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Key key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
