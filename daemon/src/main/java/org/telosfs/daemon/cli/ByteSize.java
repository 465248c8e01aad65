package org.telosfs.daemon.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Bytes as people write them: {@code 64G}, {@code 512M}, {@code 4096}. Units are powers of 1024.
 */
record ByteSize(long bytes) {
  private static final String UNITS = "KMGT";
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,15})([KMGT]?)(?:I?B)?");

  ByteSize {
    if (bytes <= 0) {
      throw new IllegalArgumentException("bytes=" + bytes);
    }
  }

  /**
   * As it could be written; Picocli asks for it at every start, which a record's own makes slow.
   */
  @Override
  public String toString() {
    return Long.toString(bytes);
  }

  static String describe(long bytes) {
    int power = 0;
    double value = bytes;
    while (value >= 1024 && power < UNITS.length()) {
      value /= 1024;
      power++;
    }
    return power == 0
        ? bytes + " B"
        : String.format(Locale.ROOT, "%.1f %ciB", value, UNITS.charAt(power - 1));
  }

  /** For the command line. */
  static final class Converter implements ITypeConverter<ByteSize> {
    @Override
    public ByteSize convert(String text) {
      Matcher matcher = TEXT.matcher(text.strip().toUpperCase(Locale.ROOT));
      if (matcher.matches()) {
        int power = matcher.group(2).isEmpty() ? 0 : UNITS.indexOf(matcher.group(2)) + 1;
        long count = Long.parseLong(matcher.group(1));
        if (count > 0 && count <= Long.MAX_VALUE >> (10 * power)) {
          return new ByteSize(count << (10 * power));
        }
      }
      throw new TypeConversionException(
          "'" + text + "' is no size; write for instance 64G or 512M");
    }
  }
}
