package org.telosfs.daemon;

import java.util.Set;
import org.telosfs.daemon.cli.TelosCommand;

/** The program: runs one command and ends with its exit code. */
public final class Main {
  private static final Set<String> MOUNTING = Set.of("up", "mount");

  private Main() {}

  public static void main(String[] arguments) {
    prepare(arguments);
    System.exit(TelosCommand.run(arguments));
  }

  /** What comes before the command, whichever it is. */
  static void prepare(String[] arguments) {
    if (arguments.length > 0 && MOUNTING.contains(arguments[0])) {
      Preload.begin();
    }
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) ->
            System.getLogger(Main.class.getName())
                .log(System.Logger.Level.ERROR, "thread " + thread.getName() + " ended", thrown));
  }
}
