package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.control.ControlClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs image log}. */
@Command(
    name = "log",
    description = "Lists transactions, newest first: number, time, how many objects, who, what.",
    footerHeading = "%nExamples:%n",
    footer = {"  telosfs image log ~/data", "  telosfs image log ~/data --limit 1000 --json"})
final class ImageLogCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      description = "At most so many (${DEFAULT-VALUE}).")
  private int limit = 20;

  @Option(names = "--json", description = "As a JSON array.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (limit < 1) {
      throw new ParameterException(spec.commandLine(), "--limit must be at least 1");
    }
    JsonNode log =
        new StoreRequests(store).call(ControlClient.request("image-log").put("limit", limit));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(log.toPrettyString());
      return ExitCode.OK.number();
    }
    for (JsonNode transaction : log) {
      TransactionLine.print(transaction, transaction.path("objects").size(), out);
    }
    return ExitCode.OK.number();
  }
}
