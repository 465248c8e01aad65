package org.telosfs.pjdfstest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An installed and built pjdfstest: its binary and its scripts. */
record PjdfstestSuite(Path home) {
  static final String HOME_VARIABLE = "PJDFSTEST_HOME";
  private static final Path DEFAULT_HOME = Path.of("/opt/pjdfstest");

  /** The suite the user named, or else the environment, or else the usual place. */
  static PjdfstestSuite find(@Nullable Path named, Map<String, String> environment)
      throws SetupException {
    String variable = environment.get(HOME_VARIABLE);
    Path home = DEFAULT_HOME;
    if (named != null) {
      home = named;
    } else if (variable != null && !variable.isEmpty()) {
      home = Path.of(variable);
    }
    if (!Files.isExecutable(home.resolve("pjdfstest"))) {
      throw missing("no program 'pjdfstest' in " + home);
    }
    if (!Files.isDirectory(home.resolve("tests"))) {
      throw missing("no directory 'tests' in " + home);
    }
    return new PjdfstestSuite(home.toAbsolutePath().normalize());
  }

  Path tests() {
    return home.resolve("tests");
  }

  /** All scripts, sorted, relative to {@link #tests}. */
  List<String> scripts() throws IOException {
    try (Stream<Path> files = Files.walk(tests())) {
      return files
          .filter(file -> file.toString().endsWith(".t") && Files.isRegularFile(file))
          .map(file -> tests().relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private static SetupException missing(String what) {
    return new SetupException(
        "No pjdfstest suite: "
            + what
            + ".\nGet it from https://github.com/pjd/pjdfstest, build it outside this tree as its"
            + " README says,\nand name its directory with --suite PATH or "
            + HOME_VARIABLE
            + " (else "
            + DEFAULT_HOME
            + " is taken).");
  }
}
