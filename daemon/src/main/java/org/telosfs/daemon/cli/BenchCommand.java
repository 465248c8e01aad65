package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.daemon.bench.Benchmark;
import org.telosfs.daemon.bench.BenchmarkPlan;
import org.telosfs.daemon.bench.Measured;
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
      "and random I/O in one large file. Removes what it made."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs bench telosfs-data/posix",
      "  telosfs bench /tmp --json host.json      the host's own filesystem, to compare"
    })
final class BenchCommand implements Callable<Integer> {
  private static final int MEBIBYTE = 1 << 20;

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

  @Override
  public Integer call() throws IOException {
    if (files < 1 || largeMebibytes < 1) {
      throw new ParameterException(spec.commandLine(), "--files and --large must be at least 1");
    }
    if (!Files.isDirectory(directory)) {
      throw new Refusal(
          ExitCode.NOT_FOUND, directory.toAbsolutePath() + " is no directory; name one to measure");
    }
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
