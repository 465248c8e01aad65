package org.telosfs.daemon;

import org.telosfs.daemon.cli.TelosCommand;

/** The program: runs one command and ends with its exit code. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(TelosCommand.run(arguments));
  }
}
