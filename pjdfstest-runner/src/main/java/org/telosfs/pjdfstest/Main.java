package org.telosfs.pjdfstest;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of the runner. */
@Command(
    name = "pjdfstest",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Runs pjdfstest, the POSIX file system test suite, against a directory.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all as expected",
      "1:unexpected failures: any, or with --compare new ones, or with --min-pass too many",
      "2:wrong usage",
      "3:the run could not start or finish: no suite, not root, no directory, no mount"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs pjdfstest /mnt/telosfs --jobs 4 --json run.json",
      "  telosfs pjdfstest /mnt/telosfs --filter chmod/ --compare run.json",
      "  telosfs pjdfstest --suite ~/pjdfstest --min-pass 95"
    })
public final class Main implements Callable<Integer> {
  private static final int EXPECTED = 0;
  private static final int UNEXPECTED = 1;
  private static final int NOT_RUN = 3;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "Directory to test; omitted: a temporary store is made and mounted.")
  private @Nullable Path directory;

  @Option(
      names = "--suite",
      paramLabel = "PATH",
      description = "A built pjdfstest (else $PJDFSTEST_HOME, else /opt/pjdfstest).")
  private @Nullable Path suitePath;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Scripts at a time, each in a directory of its own (${DEFAULT-VALUE}).")
  private int jobs = 1;

  @Option(
      names = "--filter",
      paramLabel = "TEXT",
      description = "Only scripts whose path contains this.")
  private String filter = "";

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "For each script (${DEFAULT-VALUE}).")
  private int timeoutSeconds = 300;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON.")
  private @Nullable Path json;

  @Option(names = "--junit", paramLabel = "FILE", description = "Write them as JUnit XML.")
  private @Nullable Path junit;

  @Option(
      names = "--compare",
      paramLabel = "EARLIER.json",
      description = "Say what fails or passes newly; only new failures are unexpected.")
  private @Nullable Path compare;

  @Option(
      names = "--min-pass",
      paramLabel = "PERCENT",
      description = "Failures are expected as long as this share of assertions passes.")
  private @Nullable Double minPass;

  @Option(
      names = "--telosfs",
      paramLabel = "FILE",
      description = "The launcher that mounts when DIR is omitted (else $TELOSFS).")
  private @Nullable Path launcher;

  private final Map<String, String> environment = System.getenv();

  /** Ends the process with the documented exit code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    CommandLine line = commandLine();
    checkUsage(line);
    try {
      return testTarget(line.getOut(), line.getErr());
    } catch (SetupException | IOException e) {
      line.getErr().println("pjdfstest: " + e.getMessage());
      line.getErr().flush();
      return NOT_RUN;
    }
  }

  private void checkUsage(CommandLine line) {
    if (jobs < 1) {
      throw new ParameterException(line, "--jobs must be at least 1");
    }
    if (timeoutSeconds < 1) {
      throw new ParameterException(line, "--timeout must be at least 1 second");
    }
    if (minPass != null && !(minPass >= 0 && minPass <= 100)) {
      throw new ParameterException(line, "--min-pass must be from 0 to 100");
    }
  }

  private int testTarget(PrintWriter out, PrintWriter err)
      throws SetupException, IOException, InterruptedException {
    PjdfstestSuite suite = PjdfstestSuite.find(suitePath, environment);
    Report earlier = compare == null ? null : JsonReport.read(compare);
    if (!"0".equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString())) {
      throw new SetupException("pjdfstest changes users and owners and must be run as root (sudo)");
    }
    if (directory != null) {
      if (!Files.isDirectory(directory)) {
        throw new SetupException("no such directory: " + directory);
      }
      return test(suite, directory.toRealPath(), earlier, out, err);
    }
    MountedTarget target = MountedTarget.mount(MountedTarget.launcher(launcher, environment));
    try {
      return test(suite, target.directory(), earlier, out, err);
    } finally {
      target.unmountAndDelete();
    }
  }

  private int test(
      PjdfstestSuite suite, Path target, @Nullable Report earlier, PrintWriter out, PrintWriter err)
      throws SetupException, IOException, InterruptedException {
    RunPlan plan = RunPlan.of(suite, filter, target, jobs, Duration.ofSeconds(timeoutSeconds));
    if (plan.scripts().isEmpty()) {
      throw new SetupException("no script in " + suite.tests() + " contains '" + filter + "'");
    }
    long start = System.nanoTime();
    List<ScriptResult> results;
    try (Progress progress =
        new Progress("pjdfstest", plan.scripts().size(), err, Progress.onTerminal())) {
      results = plan.run(progress);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Report report = new Report(suite.tests().toString(), target.toString(), seconds, results);
    if (json != null) {
      JsonReport.write(report, json);
    }
    if (junit != null) {
      JunitReport.write("pjdfstest", report, junit);
    }
    out.print(report.text());
    Comparison comparison = earlier == null ? null : Comparison.of(earlier, report);
    if (comparison != null) {
      out.print(comparison.text());
    }
    out.printf("%n%.1f%% passed in %.1f s%n", report.passPercent(), seconds);
    out.println(report.closingLine());
    out.flush();
    return verdict(report, comparison);
  }

  /** With both limits, both must hold. */
  private int verdict(Report report, @Nullable Comparison comparison) {
    if (minPass == null && comparison == null) {
      return report.failed() == 0 ? EXPECTED : UNEXPECTED;
    }
    boolean enough = minPass == null || report.passPercent() >= minPass;
    boolean nothingNew = comparison == null || comparison.newlyFailing().isEmpty();
    return enough && nothingNew ? EXPECTED : UNEXPECTED;
  }

  private CommandLine commandLine() {
    if (spec == null) {
      throw new IllegalStateException("only Picocli calls this");
    }
    return spec.commandLine();
  }
}
