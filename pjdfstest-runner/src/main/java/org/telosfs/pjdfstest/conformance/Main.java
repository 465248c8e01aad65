package org.telosfs.pjdfstest.conformance;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
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
    Path chosen = directory == null ? MountedTarget.launcher(launcher, System.getenv()) : null;
    if (directory != null && !Files.isDirectory(directory)) {
      throw new SetupException("no such directory: " + directory);
    }
    long start = System.nanoTime();
    List<ScriptResult> results = new ArrayList<>();
    try (Progress progress = new Progress(SUITE, tables.size(), err, Progress.onTerminal())) {
      if (directory != null) {
        Path target = directory.toRealPath();
        results.addAll(new ConformanceRun(new Linux(), target, jobs).run(tables, progress));
      } else if (chosen != null) {
        // A store of its own for the cases that fill one, which others must not meet.
        Predicate<List<ConformanceCase>> fills = Main::fillsTheFileSystem;
        results.addAll(onNewStore(chosen, "64G", jobs, choose(tables, fills.negate()), progress));
        results.addAll(onNewStore(chosen, "128M", 1, choose(tables, fills), progress));
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    String where = directory == null ? "a new store" : directory.toString();
    return tell(new Report(SUITE, where, seconds, results), out);
  }

  private static boolean fillsTheFileSystem(List<ConformanceCase> table) {
    return table.get(0).table().equals(FullCases.NAME);
  }

  private static List<List<ConformanceCase>> choose(
      List<List<ConformanceCase>> tables, Predicate<List<ConformanceCase>> which) {
    return tables.stream().filter(which).toList();
  }

  private static List<ScriptResult> onNewStore(
      Path launcher, String size, int jobs, List<List<ConformanceCase>> tables, Progress progress)
      throws IOException, InterruptedException {
    if (tables.isEmpty()) {
      return List.of();
    }
    MountedTarget target = MountedTarget.mountOfSize(size, launcher, "-o", "suid,dev");
    try {
      return new ConformanceRun(new Linux(), target.directory(), jobs).run(tables, progress);
    } finally {
      target.unmountAndDelete();
    }
  }

  private int tell(Report report, PrintWriter out) throws IOException {
    if (json != null) {
      JsonReport.write(report, json);
    }
    if (junit != null) {
      JunitReport.write(SUITE, report, junit);
    }
    out.print(report.text());
    out.print(report.skips());
    out.printf("%n%.1f%% passed in %.1f s%n", report.passPercent(), report.seconds());
    out.println(report.closingLine());
    out.flush();
    return report.failed() == 0 ? NONE_FAILED : FAILED;
  }
}
