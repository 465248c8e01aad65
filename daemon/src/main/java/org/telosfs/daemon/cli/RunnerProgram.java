package org.telosfs.daemon.cli;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import picocli.CommandLine.Unmatched;

/** A command that hands all arguments to a program of its own in our jar, and ends as it ends. */
abstract class RunnerProgram implements Callable<Integer> {
  private final String mainClass;

  @Unmatched private List<String> arguments = new ArrayList<>();

  RunnerProgram(String mainClass) {
    this.mainClass = mainClass;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(List.of("-Xmx512m", "-cp", jar().toString(), mainClass));
    command.addAll(arguments);
    ProcessBuilder runner = new ProcessBuilder(command).inheritIO();
    Launcher.path().ifPresent(path -> runner.environment().putIfAbsent("TELOSFS", path.toString()));
    return runner.start().waitFor();
  }

  private static File jar() throws Refusal {
    try {
      var source = RunnerProgram.class.getProtectionDomain().getCodeSource();
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
