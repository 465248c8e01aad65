package org.telosfs.persistence;

import java.util.HexFormat;

/** Sixteen lower-case hexadecimal digits: the one text form of the store's numbers. */
final class HexText {

  private static final HexFormat HEX = HexFormat.of();

  private HexText() {}

  static String of(long value) {
    return HEX.toHexDigits(value);
  }

  static long parse(String text, String what) {
    if (text.length() != Long.BYTES * 2
        || !text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
      throw new IllegalArgumentException(
          what + " is not 16 lower-case hexadecimal digits: '" + text + "'");
    }
    return HexFormat.fromHexDigitsToLong(text);
  }
}
