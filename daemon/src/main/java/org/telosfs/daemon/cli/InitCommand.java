package org.telosfs.daemon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.StoreCreation;
import org.telosfs.daemon.StoreLayout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs init}. */
@Command(
    name = "init",
    description = "Makes an empty store in a directory that is empty or does not exist.",
    footerHeading = "%nExamples:%n",
    footer = {"  telosfs init ~/data", "  telosfs init /mnt/disk/data --size 1T"})
final class InitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "1", paramLabel = "STORE", description = "The directory.")
  private Path store = Path.of("");

  @Mixin private SizeOption size = new SizeOption();

  @Override
  public Integer call() throws IOException {
    StoreLayout layout = new StoreLayout(store);
    StoreCreation.create(layout, size.bytes());
    spec.commandLine()
        .getOut()
        .println(
            "made "
                + layout.directory()
                + " with a volume of "
                + ByteSize.describe(size.bytes())
                + "; mount it with: "
                + Launcher.name()
                + " up "
                + store);
    return ExitCode.OK.number();
  }
}
