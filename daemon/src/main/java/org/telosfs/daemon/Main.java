package org.telosfs.daemon;

import org.telosfs.daemon.cli.TelosCommand;

/** The program: runs one command and ends with its exit code. */
public final class Main {
  private static final System.Logger LOG = System.getLogger(Main.class.getName());

  private Main() {}

  public static void main(String[] arguments) {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) ->
            LOG.log(System.Logger.Level.ERROR, "thread " + thread.getName() + " ended", thrown));
    System.exit(TelosCommand.run(arguments));
  }
}
