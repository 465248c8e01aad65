package org.telosfs.daemon.cli;

import picocli.CommandLine.Command;

/** {@code telosfs exercise}: our own file exerciser. */
@Command(
    name = "exercise",
    description = {
      "Does random overlapping things to files of a directory and compares with a model.",
      "All options are the exerciser's own; it prints them with --help."
    },
    mixinStandardHelpOptions = false)
final class ExerciseCommand extends RunnerProgram {
  ExerciseCommand() {
    super("org.telosfs.pjdfstest.exerciser.Main");
  }
}
