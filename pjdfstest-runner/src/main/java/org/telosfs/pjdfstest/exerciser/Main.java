package org.telosfs.pjdfstest.exerciser;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.telosfs.pjdfstest.MountedTarget;
import org.telosfs.pjdfstest.SetupException;
import org.telosfs.pjdfstest.syscall.Linux;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line of the file exerciser. */
@Command(
    name = "exercise",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Does random overlapping things to two files of a directory, and compares them with what they "
          + "should hold: reads, writes, mappings, truncations, fallocate in all modes, copies and "
          + "clones of ranges, O_DIRECT, holes."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the files were as they should be, with every seed",
      "1:with some seed they were not",
      "2:wrong usage",
      "3:the run could not start or finish: no directory, no mount"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs exercise /mnt/telosfs --operations 1000000 --seeds 10",
      "  telosfs exercise --transport jnr-fuse --file-size 4M",
      "  telosfs exercise /mnt/telosfs --replay 7/18234"
    })
public final class Main implements Callable<Integer> {
  private static final int PASSED = 0;
  private static final int FAILED = 1;
  private static final int NOT_RUN = 3;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "Directory to work in; omitted: a temporary store is made and mounted.")
  private @Nullable Path directory;

  @Option(
      names = "--operations",
      paramLabel = "N",
      description = "With each seed (${DEFAULT-VALUE}).")
  private long operations = 20_000;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "How many seeds, from 1 on (${DEFAULT-VALUE}).")
  private int seeds = 3;

  @Option(names = "--seed", paramLabel = "S", description = "This one; may be repeated.")
  private List<Long> chosen = new ArrayList<>();

  @Option(
      names = "--replay",
      paramLabel = "S[/N]",
      description = "Seed S alone, up to its operation N.")
  private @Nullable String replay;

  @Option(
      names = "--file-size",
      paramLabel = "SIZE",
      description = "No file grows beyond; K and M are understood (512K).",
      converter = SizeConverter.class)
  private int maxBytes = 512 << 10;

  @Option(
      names = "--transport",
      paramLabel = "NAME",
      description = "Of the mount made when DIR is omitted: kernel or jnr-fuse.")
  private @Nullable String transport;

  @Option(
      names = "-o",
      paramLabel = "OPTIONS",
      description = "Mount options of it, such as writeback.")
  private @Nullable String mountOptions;

  @Option(
      names = "--telosfs",
      paramLabel = "FILE",
      description = "The launcher that mounts when DIR is omitted (else $$TELOSFS).")
  private @Nullable Path launcher;

  private final Map<String, String> environment = System.getenv();

  /** Ends the process with the documented exit code. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    CommandLine line = commandLine();
    readReplay(line);
    if (operations < 1 || seeds < 1) {
      throw new ParameterException(line, "--operations and --seeds must be at least 1");
    }
    try {
      return exerciseTarget(line.getOut());
    } catch (SetupException | IOException e) {
      line.getErr().println("exercise: " + e.getMessage());
      line.getErr().flush();
      return NOT_RUN;
    }
  }

  private void readReplay(CommandLine line) {
    if (replay == null) {
      return;
    }
    String[] parts = replay.split("/", 2);
    try {
      chosen = List.of(Long.valueOf(parts[0]));
      if (parts.length > 1) {
        operations = Long.parseLong(parts[1]);
      }
    } catch (NumberFormatException e) {
      throw new ParameterException(line, "--replay takes SEED or SEED/OPERATION", e);
    }
  }

  private int exerciseTarget(PrintWriter out)
      throws SetupException, IOException, InterruptedException {
    if (directory != null) {
      if (!Files.isDirectory(directory)) {
        throw new SetupException("no such directory: " + directory);
      }
      return exercise(directory.toRealPath(), out);
    }
    MountedTarget target =
        MountedTarget.mount(
            MountedTarget.launcher(launcher, environment), options().toArray(String[]::new));
    try {
      return exercise(target.directory(), out);
    } finally {
      target.unmountAndDelete();
    }
  }

  private List<String> options() {
    List<String> options = new ArrayList<>();
    if (transport != null) {
      options.addAll(List.of("--transport", transport));
    }
    if (mountOptions != null) {
      options.addAll(List.of("-o", mountOptions));
    }
    return options;
  }

  private int exercise(Path where, PrintWriter out) throws IOException {
    Linux linux = new Linux();
    FilePair.Source source = () -> new SystemFilePair(linux, where, maxBytes);
    Map<Kind, String> refused = Probe.refused(source);
    refused.forEach((kind, why) -> out.printf("not exercised: %s (%s)%n", kind, why));
    List<Long> all = chosen.isEmpty() ? LongStream.rangeClosed(1, seeds).boxed().toList() : chosen;
    int failed = 0;
    try (Report report = new Report(out, all.size() * operations)) {
      for (long seed : all) {
        SeedRun run = new SeedRun(source, maxBytes, refused.keySet(), seed);
        SeedRun.Outcome outcome = run.run(operations, report::step);
        report.print(outcome);
        if (outcome.failure() != null) {
          failed++;
          long until = Math.min(operations, outcome.failure().number());
          report.printShrunk(new Shrinker(run, Duration.ofSeconds(60)).shrink(until));
        }
      }
    }
    out.printf("%n%d passed, %d failed%n", all.size() - failed, failed);
    out.flush();
    return failed == 0 ? PASSED : FAILED;
  }

  private CommandLine commandLine() {
    if (spec == null) {
      throw new IllegalStateException("only Picocli calls this");
    }
    return spec.commandLine();
  }

  /** A whole number of blocks that one buffer can hold. */
  static final class SizeConverter implements ITypeConverter<Integer> {
    private static final int MOST = 64 << 20;

    @Override
    public Integer convert(String text) {
      long unit = text.endsWith("K") ? 1 << 10 : text.endsWith("M") ? 1 << 20 : 1;
      String number = unit == 1 ? text : text.substring(0, text.length() - 1);
      try {
        long bytes = Math.multiplyExact(Long.parseLong(number), unit);
        if (bytes >= 4 * Operation.BLOCK_BYTES
            && bytes <= MOST
            && bytes % Operation.BLOCK_BYTES == 0) {
          return (int) bytes;
        }
      } catch (NumberFormatException | ArithmeticException e) {
        throw refusal(text);
      }
      throw refusal(text);
    }

    private static TypeConversionException refusal(String text) {
      return new TypeConversionException("'" + text + "' is no multiple of 4K from 16K to 64M");
    }
  }
}
