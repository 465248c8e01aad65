package org.telosfs.pjdfstest.conformance;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.telosfs.pjdfstest.JsonReport;
import org.telosfs.pjdfstest.JunitReport;
import org.telosfs.pjdfstest.MountedTarget;
import org.telosfs.pjdfstest.Progress;
import org.telosfs.pjdfstest.Report;
import org.telosfs.pjdfstest.ScriptResult;
import org.telosfs.pjdfstest.SetupException;
import org.telosfs.pjdfstest.syscall.Linux;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of the conformance suite. */
@Command(
    name = "conformance",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Runs TelosFS's own POSIX conformance suite against any directory, as root.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no case failed",
      "1:cases failed",
      "2:wrong usage",
      "3:the run could not start or finish: not root, no directory, no mount, no such case"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs conformance",
      "  telosfs conformance /mnt/telosfs --filter rename/ --json run.json",
      "  telosfs conformance /tmp --jobs 4"
    })
public final class Main implements Callable<Integer> {
  private static final int NONE_FAILED = 0;
  private static final int FAILED = 1;
  private static final int NOT_RUN = 3;
  private static final String SUITE = "conformance";

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "Directory to test; omitted: a temporary store is made and mounted.")
  private @Nullable Path directory;

  @Option(
      names = "--filter",
      paramLabel = "TEXT",
      description = "Only cases whose id, such as rename/missing-source, contains this.")
  private String filter = "";

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Cases at a time, each in a directory of its own (${DEFAULT-VALUE}).")
  private int jobs = 1;

  @Option(names = "--list", description = "Print the ids of the cases and end.")
  private boolean list;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results as JSON.")
  private @Nullable Path json;

  @Option(names = "--junit", paramLabel = "FILE", description = "Write them as JUnit XML.")
  private @Nullable Path junit;

  @Option(
      names = "--telosfs",
      paramLabel = "FILE",
      description = "The launcher that mounts when DIR is omitted (else $TELOSFS).")
  private @Nullable Path launcher;

  /** Ends the process with the documented exit code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    if (spec == null) {
      throw new IllegalStateException("only Picocli calls this");
    }
    CommandLine line = spec.commandLine();
    if (jobs < 1) {
      throw new ParameterException(line, "--jobs must be at least 1");
    }
    try {
      return testTarget(line.getOut(), line.getErr());
    } catch (SetupException | IOException e) {
      line.getErr().println(SUITE + ": " + e.getMessage());
      line.getErr().flush();
      return NOT_RUN;
    }
  }

  private int testTarget(PrintWriter out, PrintWriter err)
      throws SetupException, IOException, InterruptedException {
    List<List<ConformanceCase>> tables = Tables.containing(filter);
    if (tables.isEmpty()) {
      throw new SetupException("no case's id contains '" + filter + "'");
    }
    if (list) {
      tables.forEach(table -> table.forEach(each -> out.println(each.id())));
      out.flush();
      return NONE_FAILED;
    }
    if (!"0".equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString())) {
      throw new SetupException("the suite works as several users and must be run as root (sudo)");
    }
    if (directory != null) {
      if (!Files.isDirectory(directory)) {
        throw new SetupException("no such directory: " + directory);
      }
      return test(tables, directory.toRealPath(), out, err);
    }
    Path chosen = MountedTarget.launcher(launcher, System.getenv());
    MountedTarget target = MountedTarget.mount(chosen, "-o", "suid,dev");
    try {
      return test(tables, target.directory(), out, err);
    } finally {
      target.unmountAndDelete();
    }
  }

  private int test(
      List<List<ConformanceCase>> tables, Path target, PrintWriter out, PrintWriter err)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    List<ScriptResult> results;
    try (Progress progress = new Progress(SUITE, tables.size(), err, Progress.onTerminal())) {
      results = new ConformanceRun(new Linux(), target, jobs).run(tables, progress);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    Report report = new Report(SUITE, target.toString(), seconds, results);
    if (json != null) {
      JsonReport.write(report, json);
    }
    if (junit != null) {
      JunitReport.write(SUITE, report, junit);
    }
    out.print(report.text());
    out.print(report.skips());
    out.printf("%n%.1f%% passed in %.1f s%n", report.passPercent(), seconds);
    out.println(report.closingLine());
    out.flush();
    return report.failed() == 0 ? NONE_FAILED : FAILED;
  }
}
