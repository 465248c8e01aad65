package org.telosfs.vfs;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Immutable bytes with a cached hash, ordered as unsigned bytes; the shared part of names. */
abstract class ByteName {
  private final byte[] bytes;

  /** 0 until it is wanted; computed twice at worst. */
  private int hash;

  ByteName(byte[] owned) {
    this.bytes = owned;
  }

  /** Length in bytes. */
  public final int length() {
    return bytes.length;
  }

  /** The byte at {@code index}, as stored. */
  public final byte byteAt(int index) {
    return bytes[index];
  }

  /** A copy of the bytes. */
  public final byte[] toBytes() {
    return bytes.clone();
  }

  /** Copies all bytes into {@code into} from {@code offset} on. */
  public final void copyTo(byte[] into, int offset) {
    System.arraycopy(bytes, 0, into, offset, bytes.length);
  }

  /** Puts all bytes at the buffer's position and moves it on. */
  public final void putInto(java.nio.ByteBuffer into) {
    into.put(bytes);
  }

  final boolean sameBytes(ByteName other) {
    return Arrays.equals(bytes, other.bytes);
  }

  final int compareBytes(ByteName other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public final int hashCode() {
    int known = hash;
    if (known == 0) {
      known = Arrays.hashCode(bytes);
      hash = known;
    }
    return known;
  }

  /** For people: UTF-8, with replacement characters where the bytes are something else. */
  @Override
  public final String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
