package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.control.ControlClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs image dump}. */
@Command(
    name = "dump",
    description = {
      "Prints transactions, oldest first, with every state that they made of an object. What a pack",
      "took away is named as such."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs image dump ~/data",
      "  telosfs image dump ~/data --from 2026-01-31T12:00:00Z --json | jq -c .changes"
    })
final class ImageDumpCommand implements Callable<Integer> {
  private static final int AT_ONCE = 20;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @Option(
      names = "--from",
      converter = Moment.Converter.class,
      paramLabel = "TID|TIME",
      description = "From that transaction or time on (the oldest).")
  private @Nullable Moment from;

  @Option(
      names = "--to",
      converter = Moment.Converter.class,
      paramLabel = "TID|TIME",
      description = "Up to that transaction or time (the newest).")
  private @Nullable Moment to;

  @Option(names = "--json", description = "One line of JSON for each transaction.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    StoreRequests requests = new StoreRequests(store);
    ObjectNode request = ControlClient.request("image-dump").put("limit", AT_ONCE);
    if (from != null) {
      request.put("from", from.toString());
    }
    if (to != null) {
      request.put("to", to.toString());
    }
    for (JsonNode dumped = requests.call(request);
        !dumped.isEmpty();
        dumped = requests.call(request)) {
      for (JsonNode transaction : dumped) {
        print(transaction, spec.commandLine().getOut());
        request.put("after", transaction.path("tid").asText());
      }
    }
    return ExitCode.OK.number();
  }

  private void print(JsonNode transaction, PrintWriter out) {
    if (json) {
      out.println(transaction);
      return;
    }
    TransactionLine.print(transaction, transaction.path("changes").size(), out);
    for (JsonNode change : transaction.path("changes")) {
      out.println("  " + change.path("oid").asText() + "  " + what(change));
    }
  }

  private static String what(JsonNode change) {
    if (change.has("deleted")) {
      return "deleted";
    }
    if (change.has("packedAway")) {
      return "taken away by a pack";
    }
    String state =
        change.has("state")
            ? change.path("state").toString()
            : change.path("bytes").asLong() + " bytes, base64 " + change.path("base64").asText();
    return change.has("blobBytes")
        ? state + "  and a blob of " + ByteSize.describe(change.path("blobBytes").asLong())
        : state;
  }
}
