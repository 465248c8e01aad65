package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.control.ControlClient;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code telosfs quota remove}. */
@Command(
    name = "remove",
    description = {
      "Takes limits away.",
      "What users and groups use is counted on; what lies in a directory is from then on counted as",
      "the directories around it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs quota remove ~/data --user alice",
      "  telosfs quota remove ~/data --directory /projects/website"
    })
final class QuotaRemoveCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @ArgGroup(exclusive = true, multiplicity = "1")
  private QuotaSubjectOptions subject = new QuotaSubjectOptions();

  @Override
  public Integer call() throws IOException {
    ObjectNode request = ControlClient.request("quota-remove");
    subject.describe(request);
    new QuotaRequests(store).call(request);
    return ExitCode.OK.number();
  }
}
