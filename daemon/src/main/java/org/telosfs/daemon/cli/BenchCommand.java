package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.daemon.bench.BenchedServer;
import org.telosfs.daemon.bench.Benchmark;
import org.telosfs.daemon.bench.BenchmarkPlan;
import org.telosfs.daemon.bench.Measured;
import org.telosfs.daemon.bench.PackBenchmark;
import org.telosfs.daemon.bench.PackMeasured;
import org.telosfs.daemon.bench.StoreBenchmark;
import org.telosfs.daemon.bench.StoreBenchmarkPlan;
import org.telosfs.daemon.bench.StoreMeasured;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs bench}. */
@Command(
    name = "bench",
    description = {
      "Measures a directory, of TelosFS or any other filesystem: small files, then sequential",
      "and random I/O in one large file. With --image it serves a new object store there and",
      "measures its clients, who read and commit through its socket. Removes what it made."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs bench telosfs-data/posix",
      "  telosfs bench /tmp --json host.json      the host's own filesystem, to compare",
      "  telosfs bench --image /var/tmp           an object store on that disk, some 35 seconds",
      "  telosfs bench --image /var/tmp --table   every batch with every size, some 3 minutes more",
      "  telosfs bench --image /var/tmp --pack 1G --seconds 5"
    })
final class BenchCommand implements Callable<Integer> {
  private static final int MEBIBYTE = 1 << 20;
  private static final double NANOS_PER_SECOND = 1e9;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "1", paramLabel = "DIR", description = "The directory to measure.")
  private Path directory = Path.of("");

  @Option(names = "--json", paramLabel = "FILE", description = "Write the results there, too.")
  private @Nullable Path json;

  @Option(names = "--files", paramLabel = "N", description = "Small files (${DEFAULT-VALUE}).")
  private int files = BenchmarkPlan.STANDARD.files();

  @Option(
      names = "--large",
      paramLabel = "MIB",
      description = "Size of the large file in MiB (${DEFAULT-VALUE}).")
  private int largeMebibytes = (int) (BenchmarkPlan.STANDARD.largeBytes() / MEBIBYTE);

  @Option(names = "--image", description = "Measure an object store, through its socket.")
  private boolean image;

  @Option(
      names = "--table",
      description = "With --image: batches of 1 to 1,024 objects of 64 bytes to 256 KiB, too.")
  private boolean table;

  @Option(
      names = "--pack",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      description =
          "With --image: instead, clients that commit while a log of that size is packed.")
  private @Nullable ByteSize pack;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "With --image: for how long each kind of call is made (${DEFAULT-VALUE}).")
  private double seconds = 1;

  @Override
  public Integer call() throws IOException {
    if (files < 1 || largeMebibytes < 1) {
      throw new ParameterException(spec.commandLine(), "--files and --large must be at least 1");
    }
    if (!Files.isDirectory(directory)) {
      throw new Refusal(
          ExitCode.NOT_FOUND, directory.toAbsolutePath() + " is no directory; name one to measure");
    }
    return image ? measureObjects() : measureFiles();
  }

  private int measureObjects() throws IOException {
    Path launcher =
        Launcher.path()
            .orElseThrow(
                () ->
                    new Refusal(
                        ExitCode.USAGE,
                        "--image needs the launcher, telosfs in the project's directory"));
    if (!(seconds > 0)) {
      throw new ParameterException(spec.commandLine(), "--seconds must be more than 0");
    }
    Duration each = Duration.ofNanos((long) (seconds * NANOS_PER_SECOND));
    StoreBenchmarkPlan plan =
        table ? StoreBenchmarkPlan.worksAndTable(each) : StoreBenchmarkPlan.works(each);
    StoreBenchReport report = new StoreBenchReport(spec.commandLine().getOut());
    Path measured = directory.toRealPath();
    try (BenchedServer server = BenchedServer.start(launcher, measured)) {
      report.begin();
      ObjectNode told;
      if (pack != null) {
        PackMeasured packed = new PackBenchmark(server, plan, pack.bytes(), report::print).run();
        report.print(packed);
        told = report.toJson(measured, packed);
      } else {
        List<StoreMeasured> results =
            new StoreBenchmark(server::connect, measured, plan, report::print).run();
        told = report.toJson(measured, results);
      }
      if (json != null) {
        Files.writeString(json, told.toPrettyString() + "\n");
      }
    }
    return ExitCode.OK.number();
  }

  private int measureFiles() throws IOException {
    BenchmarkPlan standard = BenchmarkPlan.STANDARD;
    BenchmarkPlan plan =
        new BenchmarkPlan(
            files,
            standard.fileBytes(),
            (long) largeMebibytes * MEBIBYTE,
            standard.randomOperations());
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%-17s %9s %9s %11s %10s %10s %9s%n",
        "", "count", "seconds", "per second", "p50 us", "p99 us", "MiB/s");
    List<Measured> results =
        new Benchmark(plan, measured -> print(measured, out)).run(directory.toRealPath());
    if (json != null) {
      Files.writeString(json, toJson(results).toPrettyString() + "\n");
    }
    return ExitCode.OK.number();
  }

  private static void print(Measured measured, PrintWriter out) {
    out.printf(
        "%-17s %,9d %9.2f %,11.0f %,10.1f %,10.1f %9s%n",
        measured.name(),
        measured.operations(),
        measured.seconds(),
        measured.operationsPerSecond(),
        measured.p50Micros(),
        measured.p99Micros(),
        measured.bytesMoved() == 0 ? "" : String.format("%,.0f", measured.mebibytesPerSecond()));
  }

  private ObjectNode toJson(List<Measured> results) throws IOException {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("directory", directory.toRealPath().toString())
        .put("filesystem", Files.getFileStore(directory).type())
        .put("time", Instant.now().toString())
        .put("processors", Runtime.getRuntime().availableProcessors())
        .put("java", System.getProperty("java.runtime.version", ""));
    ArrayNode array = node.putArray("results");
    for (Measured measured : results) {
      array
          .addObject()
          .put("name", measured.name())
          .put("operations", measured.operations())
          .put("seconds", measured.seconds())
          .put("perSecond", measured.operationsPerSecond())
          .put("p50Micros", measured.p50Micros())
          .put("p99Micros", measured.p99Micros())
          .put("mebibytesPerSecond", measured.mebibytesPerSecond());
    }
    return node;
  }
}
