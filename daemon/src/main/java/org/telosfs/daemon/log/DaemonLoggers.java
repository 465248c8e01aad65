package org.telosfs.daemon.log;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;

/** The loggers of this process; found by the platform through {@code META-INF/services}. */
public final class DaemonLoggers extends System.LoggerFinder {
  private final ConcurrentMap<String, System.Logger> loggers = new ConcurrentHashMap<>();
  private final AtomicReference<Optional<LogFile>> target = new AtomicReference<>(Optional.empty());

  /** For the platform. */
  public DaemonLoggers() {}

  /** Sends all that is logged from now on to {@code file}, if ours is the finder in use. */
  public static void sendTo(LogFile file) {
    if (System.LoggerFinder.getLoggerFinder() instanceof DaemonLoggers ours) {
      ours.target.set(Optional.of(file));
    }
  }

  @Override
  public System.Logger getLogger(String name, Module module) {
    return loggers.computeIfAbsent(name, fresh -> new DaemonLogger(fresh, target::get));
  }
}
