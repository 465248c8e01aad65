package org.telosfs.daemon.cli;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.PrintWriter;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Failure;
import org.telosfs.daemon.Transport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code telosfs}. */
@Command(
    name = "telosfs",
    description = "A POSIX filesystem in a block file and a living image of objects, both mounted.",
    versionProvider = TelosCommand.Version.class,
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs up                      make ./telosfs-data if need be, and mount both trees",
      "  telosfs up ~/data --demo        the same elsewhere, with a client that keeps committing",
      "  telosfs status ~/data           what is mounted where, and how full it is",
      "  telosfs umount ~/data           flush and end",
      "  telosfs mount --memory /mnt/t   a tree in memory, gone when unmounted"
    })
public final class TelosCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger(TelosCommand.class.getName());

  private static final int HELP_COLUMNS = 100;

  @Spec private CommandSpec spec = CommandSpec.create();

  private TelosCommand() {}

  /** Alone it says what there is. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.USAGE.number();
  }

  /** Runs a command and returns its exit code. */
  public static int run(String... arguments) {
    return run(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        arguments);
  }

  /** The same, with its output elsewhere. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return commandLine(arguments).setOut(out).setErr(err).execute(arguments);
  }

  /**
   * Reads the annotations of what mounts, as Picocli will: for the first one of each kind the JDK
   * generates a class.
   *
   * @return how many there are
   */
  @CanIgnoreReturnValue
  public static int preload() {
    int annotations = 0;
    for (Class<?> command : List.of(TelosCommand.class, UpCommand.class, ServeOptions.class)) {
      annotations += command.getDeclaredAnnotations().length;
      for (Field field : command.getDeclaredFields()) {
        annotations += field.getDeclaredAnnotations().length;
      }
    }
    return annotations;
  }

  /**
   * With every command, or only with the one that the arguments begin with: Picocli reads a
   * command's annotations when it is added, which costs more than the rest of a start.
   */
  static CommandLine commandLine(String... arguments) {
    CommandLine line = new CommandLine(new TelosCommand());
    String first = arguments.length == 0 ? "" : arguments[0];
    Map<String, Supplier<Object>> commands = commands();
    boolean known = commands.containsKey(first) && !first.equals("help");
    commands.forEach(
        (name, command) -> {
          if (!known || name.equals(first)) {
            line.addSubcommand(name, command.get());
          }
        });
    line.registerConverter(Transport.class, TelosCommand::transport);
    line.setUsageHelpWidth(HELP_COLUMNS);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(TelosCommand::wrongArguments);
    line.setExecutionExceptionHandler(TelosCommand::failed);
    addCommonParts(line, true);
    return line;
  }

  /** By name, in the order that help lists them. */
  private static Map<String, Supplier<Object>> commands() {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("up", UpCommand::new);
    commands.put("init", InitCommand::new);
    commands.put("mount", MountCommand::new);
    commands.put("serve", ServeCommand::new);
    commands.put("umount", UmountCommand::new);
    commands.put("status", StatusCommand::new);
    commands.put("check", CheckCommand::new);
    commands.put("quota", QuotaCommand::new);
    commands.put("cap", CapCommand::new);
    commands.put("image", ImageCommand::new);
    commands.put("bench", BenchCommand::new);
    commands.put("pjdfstest", PjdfstestCommand::new);
    commands.put("conformance", ConformanceCommand::new);
    commands.put("exercise", ExerciseCommand::new);
    commands.put("help", HelpCommand::new);
    return commands;
  }

  /** Help, and the list of exit codes, for every command. */
  private static void addCommonParts(CommandLine line, boolean top) {
    CommandSpec spec = line.getCommandSpec();
    if (!(spec.userObject() instanceof RunnerProgram)) {
      spec.mixinStandardHelpOptions(true);
    }
    Map<String, String> codes = new LinkedHashMap<>();
    for (ExitCode code : ExitCode.values()) {
      codes.put(Integer.toString(code.number()), code.meaning());
    }
    if (top) {
      spec.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(codes);
    }
    line.getSubcommands().values().forEach(sub -> addCommonParts(sub, false));
  }

  private static Transport transport(String word) {
    for (Transport transport : Transport.values()) {
      if (transport.toString().equals(word)) {
        return transport;
      }
    }
    throw new CommandLine.TypeConversionException("'" + word + "' is none of kernel, jnr-fuse");
  }

  private static int wrongArguments(CommandLine.ParameterException wrong, String[] arguments) {
    CommandLine line = wrong.getCommandLine();
    String usage = line.getCommandSpec().qualifiedName() + " --help";
    Failure failure = new Failure(ExitCode.USAGE, String.valueOf(wrong.getMessage()));
    line.getErr().println("telosfs: " + failure.message() + "; see: " + usage);
    return ExitCode.USAGE.number();
  }

  private static int failed(Exception thrown, CommandLine line, CommandLine.ParseResult arguments) {
    Failure failure = Failure.of(thrown);
    if (failure.code() == ExitCode.INTERNAL) {
      LOG.log(System.Logger.Level.ERROR, "a command failed", thrown);
    }
    line.getErr().println("telosfs: " + failure.message());
    return failure.code().number();
  }

  /** Says which version this is, as the jar's manifest has it. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = TelosCommand.class.getPackage().getImplementationVersion();
      return new String[] {"telosfs " + (version == null ? "(not packaged)" : version)};
    }
  }
}
