package org.telosfs.daemon.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The script that started this program. */
final class Launcher {
  private static final String PROPERTY = "telosfs.launcher";

  private Launcher() {}

  /** Where it lies; empty if the program was started without it. */
  static Optional<Path> path() {
    return Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of);
  }

  /** What a user types to start it. */
  static String name() {
    return path().map(Launcher::typed).orElse("telosfs");
  }

  private static String typed(Path launcher) {
    Path here = Path.of("").toAbsolutePath();
    String search = System.getenv().getOrDefault("PATH", "");
    if (List.of(search.split(":", -1)).contains(String.valueOf(launcher.getParent()))) {
      return String.valueOf(launcher.getFileName());
    }
    return launcher.startsWith(here) ? "./" + here.relativize(launcher) : launcher.toString();
  }
}
