package org.telosfs.daemon.cli;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * {@code telosfs pjdfstest}: hands all arguments to the runner, a program of its own in the same
 * jar, and ends as it ends.
 */
@Command(
    name = "pjdfstest",
    description = {
      "Runs an installed pjdfstest against a directory, or against a store made for it.",
      "All options are the runner's own; it prints them with --help."
    },
    mixinStandardHelpOptions = false)
final class PjdfstestCommand implements Callable<Integer> {
  private static final String MAIN_CLASS = "org.telosfs.pjdfstest.Main";

  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-Xmx512m", "-cp", jar().toString(), MAIN_CLASS));
    command.addAll(arguments);
    ProcessBuilder runner = new ProcessBuilder(command).inheritIO();
    Launcher.path().ifPresent(path -> runner.environment().putIfAbsent("TELOSFS", path.toString()));
    return runner.start().waitFor();
  }

  private static File jar() throws Refusal {
    try {
      var source = PjdfstestCommand.class.getProtectionDomain().getCodeSource();
      File file = new File(source.getLocation().toURI());
      if (file.isFile()) {
        return file;
      }
    } catch (URISyntaxException | IllegalArgumentException notAFile) {
      throw new Refusal(ExitCode.FAILED, "this program's jar cannot be found", notAFile);
    }
    throw new Refusal(ExitCode.FAILED, "the runner is in the packaged jar alone; start ./telosfs");
  }
}
