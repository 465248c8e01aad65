package org.telosfs.persistence;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Immutable bytes, equal by content. */
public final class ByteString {

  /** No bytes. */
  public static final ByteString EMPTY = new ByteString(new byte[0]);

  private static final int SHOWN_BYTES = 32;

  private final byte[] bytes;

  private ByteString(byte[] bytes) {
    this.bytes = bytes;
  }

  public static ByteString copyOf(byte[] bytes) {
    return new ByteString(bytes.clone());
  }

  public static ByteString copyOf(byte[] bytes, int offset, int length) {
    return new ByteString(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  /** The remaining bytes of the buffer, whose position is left alone. */
  public static ByteString copyOf(ByteBuffer buffer) {
    byte[] copy = new byte[buffer.remaining()];
    buffer.duplicate().get(copy);
    return new ByteString(copy);
  }

  public static ByteString utf8(String text) {
    return new ByteString(text.getBytes(StandardCharsets.UTF_8));
  }

  public int size() {
    return bytes.length;
  }

  public byte[] toByteArray() {
    return bytes.clone();
  }

  /** A read-only view; nothing is copied. */
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** Copies all bytes into the buffer at its position. */
  public void putInto(ByteBuffer target) {
    target.put(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteString that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The bytes in hexadecimal, cut short after 32 of them. */
  @Override
  public String toString() {
    String hex = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, SHOWN_BYTES));
    return bytes.length <= SHOWN_BYTES ? hex : hex + "... (" + bytes.length + " bytes)";
  }
}
