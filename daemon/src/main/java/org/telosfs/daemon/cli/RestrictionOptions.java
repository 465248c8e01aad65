package org.telosfs.daemon.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.capability.Restrictions;
import org.telosfs.persistence.capability.Right;
import picocli.CommandLine.Option;

/** What a capability is restricted to. */
final class RestrictionOptions {
  @Option(
      names = "--rights",
      paramLabel = "RIGHT",
      split = ",",
      description = "Some of read, write, pack, admin, with commas.")
  private @Nullable List<String> rights;

  @Option(
      names = "--root",
      paramLabel = "NAME",
      description = "Only what is reachable from this root; may be given several times.")
  private @Nullable List<String> roots;

  @Option(
      names = "--as-of",
      paramLabel = "TID|TIME",
      description = "The state after that transaction, or at that time (ISO 8601), to be read.")
  private @Nullable String asOf;

  @Option(
      names = "--expires",
      paramLabel = "TIME|PERIOD",
      description = "Until then (2026-12-31T00:00:00Z), or for so long from now (PT8H, P30D).")
  private @Nullable String expires;

  @Option(
      names = "--bytes",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      description = "At most so many bytes of states may be put in all.")
  private @Nullable ByteSize bytes;

  @Option(
      names = "--objects",
      paramLabel = "N",
      description = "At most so many objects may be put in all.")
  private @Nullable Long objects;

  /**
   * @param unlessNamed the rights if none are named
   * @throws Refusal USAGE
   */
  Restrictions restrictions(Set<Right> unlessNamed) throws Refusal {
    try {
      Restrictions.Builder builder = new Restrictions.Builder();
      builder.rights(rights == null ? unlessNamed : parsed(rights));
      if (roots != null) {
        builder.roots(new TreeSet<>(roots));
      }
      if (asOf != null) {
        builder.asOf(
            asOf.matches("[0-9a-f]{16}")
                ? TransactionId.parse(asOf)
                : TransactionId.at(Instant.parse(asOf)));
      }
      if (expires != null) {
        builder.expires(
            expires.startsWith("P") ? Instant.now().plus(period(expires)) : Instant.parse(expires));
      }
      if (bytes != null) {
        builder.bytes(bytes.bytes());
      }
      if (objects != null) {
        builder.objects(objects);
      }
      return builder.build();
    } catch (IllegalArgumentException | DateTimeParseException wrong) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private static Duration period(String text) {
    return Duration.parse(text);
  }

  private static Set<Right> parsed(List<String> names) {
    Set<Right> parsed = EnumSet.noneOf(Right.class);
    for (String name : names) {
      try {
        parsed.add(Right.valueOf(name.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException unknown) {
        throw new IllegalArgumentException(
            "'" + name + "' is none of read, write, pack, admin", unknown);
      }
    }
    return parsed;
  }
}
