package org.telosfs.daemon.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A length of time on the command line: a number and one of s, m, h, d. */
record KeepTime(Duration length) {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})([smhd])|0");

  /** For the command line. */
  static final class Converter implements ITypeConverter<KeepTime> {
    @Override
    public KeepTime convert(String text) {
      Matcher matcher = TEXT.matcher(text.strip());
      if (!matcher.matches()) {
        throw new TypeConversionException("'" + text + "' is no time; write for instance 30d or 0");
      }
      if (matcher.group(1) == null) {
        return new KeepTime(Duration.ZERO);
      }
      long count = Long.parseLong(matcher.group(1));
      return new KeepTime(
          switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          });
    }
  }
}
