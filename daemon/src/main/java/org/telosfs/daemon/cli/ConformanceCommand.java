package org.telosfs.daemon.cli;

import picocli.CommandLine.Command;

/** {@code telosfs conformance}: our own POSIX suite. */
@Command(
    name = "conformance",
    description = {
      "Runs TelosFS's own POSIX conformance suite against a directory, or a store made for it.",
      "All options are the suite's own; it prints them with --help."
    },
    mixinStandardHelpOptions = false)
final class ConformanceCommand extends RunnerProgram {
  ConformanceCommand() {
    super("org.telosfs.pjdfstest.conformance.Main");
  }
}
