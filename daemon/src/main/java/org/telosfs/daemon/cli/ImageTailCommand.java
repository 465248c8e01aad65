package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.daemon.control.ControlClient;
import org.telosfs.persistence.TransactionId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs image tail}. */
@Command(
    name = "tail",
    description = {
      "Prints the newest transactions, oldest first, and with --follow those that come, until",
      "Ctrl-C."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs image tail ~/data -n 5",
      "  telosfs image tail ~/data --follow --json | jq .description"
    })
final class ImageTailCommand implements Callable<Integer> {
  private static final int AT_ONCE = 1000;
  private static final int WAIT_MILLIS = 1000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @Option(
      names = "-n",
      paramLabel = "N",
      description = "At most so many that are there already (${DEFAULT-VALUE}).")
  private int limit = 10;

  @Option(
      names = {"-f", "--follow"},
      description = "Wait for more; the store must be served.")
  private boolean follow;

  @Option(names = "--json", description = "One line of JSON for each transaction.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (limit < 0) {
      throw new ParameterException(spec.commandLine(), "-n must not be negative");
    }
    StoreRequests requests = new StoreRequests(store);
    if (follow && !requests.areServed()) {
      throw new Refusal(
          ExitCode.NOT_FOUND,
          store + " is not served, so nothing comes; first: telosfs serve " + store);
    }
    ObjectNode request = ControlClient.request("image-tail").put("limit", Math.max(1, limit));
    String last = TransactionId.NONE.toString();
    for (JsonNode transaction : requests.call(request)) {
      last = transaction.path("tid").asText();
      if (limit > 0) {
        print(transaction);
      }
    }
    request.put("limit", AT_ONCE).put("waitMillis", WAIT_MILLIS);
    while (follow) {
      for (JsonNode transaction : requests.call(request.put("after", last))) {
        last = transaction.path("tid").asText();
        print(transaction);
      }
    }
    return ExitCode.OK.number();
  }

  private void print(JsonNode transaction) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(transaction);
    } else {
      TransactionLine.print(transaction, transaction.path("objects").size(), out);
    }
  }
}
