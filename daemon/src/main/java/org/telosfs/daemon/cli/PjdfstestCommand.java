package org.telosfs.daemon.cli;

import picocli.CommandLine.Command;

/** {@code telosfs pjdfstest}: the runner of pjdfstest. */
@Command(
    name = "pjdfstest",
    description = {
      "Runs an installed pjdfstest against a directory, or against a store made for it.",
      "All options are the runner's own; it prints them with --help."
    },
    mixinStandardHelpOptions = false)
final class PjdfstestCommand extends RunnerProgram {
  PjdfstestCommand() {
    super("org.telosfs.pjdfstest.Main");
  }
}
