package org.telosfs.daemon.log;

import java.text.MessageFormat;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One name's logger: INFO and above to the file; without a file WARNING and above to stderr. */
final class DaemonLogger implements System.Logger {
  private final String name;
  private final Supplier<Optional<LogFile>> target;

  DaemonLogger(String name, Supplier<Optional<LogFile>> target) {
    this.name = name;
    this.target = target;
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public boolean isLoggable(Level level) {
    Level least = target.get().isPresent() ? Level.INFO : Level.WARNING;
    return level != Level.OFF && level.getSeverity() >= least.getSeverity();
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String message,
      @Nullable Throwable why) {
    if (isLoggable(level)) {
      write(level, String.valueOf(message), why);
    }
  }

  @Override
  public void log(
      Level level,
      @Nullable ResourceBundle bundle,
      @Nullable String format,
      @Nullable Object @Nullable ... values) {
    if (isLoggable(level)) {
      boolean plain = values == null || values.length == 0;
      String pattern = String.valueOf(format);
      write(level, plain ? pattern : MessageFormat.format(pattern, values), null);
    }
  }

  private void write(Level level, String message, @Nullable Throwable why) {
    Optional<LogFile> file = target.get();
    if (file.isPresent()) {
      file.get().write(level, name, message, why);
    } else {
      System.err.println("telosfs: " + message + (why == null ? "" : ": " + why));
    }
  }
}
