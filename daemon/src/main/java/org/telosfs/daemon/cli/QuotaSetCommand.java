package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.control.ControlClient;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs quota set}. */
@Command(
    name = "set",
    description = {
      "Sets what a user, a group or a directory's tree may use.",
      "Whoever would exceed it is refused with 'Disk quota exceeded'. A limit that is not given is",
      "none; what was set before is replaced. Root may exceed limits of users and groups, but not",
      "of directories."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs quota set ~/data --user 1000 --bytes 10G",
      "  telosfs quota set ~/data --group staff --inodes 50000",
      "  telosfs quota set ~/data --directory /projects/website --bytes 2G --inodes 100000"
    })
final class QuotaSetCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @ArgGroup(exclusive = true, multiplicity = "1")
  private QuotaSubjectOptions subject = new QuotaSubjectOptions();

  @Option(
      names = "--bytes",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      description = "At most so much space, as 10G; in blocks of 4 KiB, as du counts.")
  private @Nullable ByteSize bytes;

  @Option(
      names = "--inodes",
      paramLabel = "N",
      description = "At most so many files, directories and other inodes.")
  private long inodes;

  @Override
  public Integer call() throws IOException {
    if (inodes < 0 || (bytes == null && inodes == 0)) {
      throw new ParameterException(
          spec.commandLine(), "give --bytes, --inodes or both, each greater than 0");
    }
    ObjectNode request = ControlClient.request("quota-set");
    subject.describe(request);
    request.put("bytes", bytes == null ? 0 : bytes.bytes()).put("inodes", inodes);
    new QuotaRequests(store).call(request);
    return ExitCode.OK.number();
  }
}
