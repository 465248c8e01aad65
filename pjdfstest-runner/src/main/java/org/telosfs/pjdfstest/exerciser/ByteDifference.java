package org.telosfs.pjdfstest.exerciser;

import java.nio.ByteBuffer;

/** What differs, for people to read. */
final class ByteDifference {
  private static final int BEFORE = 8;
  private static final int SHOWN = 24;

  private ByteDifference() {}

  /**
   * Of {@code bytes} bytes at {@code offset} in what should be, and at 0 in what is; the first and
   * the last that differ count from there.
   */
  static String describe(
      ByteBuffer should, ByteBuffer is, int offset, int bytes, int first, int last) {
    int from = Math.max(0, first - BEFORE);
    int to = Math.min(bytes, from + SHOWN);
    return String.format(
        "wrong bytes in [0x%x, 0x%x)%n  from 0x%x: should be%s%n  %s         is%s",
        offset + first,
        offset + last + 1,
        offset + from,
        hex(should, offset + from, offset + to),
        " ".repeat(Integer.toHexString(offset + from).length()),
        hex(is, from, to));
  }

  private static String hex(ByteBuffer bytes, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(String.format(" %02x", bytes.get(i)));
    }
    return text.toString();
  }
}
