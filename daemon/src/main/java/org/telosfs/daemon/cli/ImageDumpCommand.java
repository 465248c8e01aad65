package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Iterator;
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
    ObjectNode first = ControlClient.request("image-dump");
    if (from != null) {
      first.put("from", from.toString());
    }
    if (to != null) {
      first.put("to", to.toString());
    }
    PrintWriter out = spec.commandLine().getOut();
    JsonNode next = first;
    while (next instanceof ObjectNode request) {
      JsonNode answer = requests.call(request);
      next = answer.path("next");
      boolean continues = next.path("skip").asInt() > 0;
      boolean begins = request.path("skip").asInt() == 0;
      Iterator<JsonNode> transactions = answer.path("transactions").iterator();
      while (transactions.hasNext()) {
        JsonNode transaction = transactions.next();
        boolean ends = transactions.hasNext() || !continues;
        if (json) {
          printJson(transaction, begins, ends, out);
        } else {
          print(transaction, begins, out);
        }
        begins = true;
      }
    }
    return ExitCode.OK.number();
  }

  /** A part of a transaction's line: its head if it begins here, its tail if it ends here. */
  private static void printJson(
      JsonNode transaction, boolean begins, boolean ends, PrintWriter out) {
    if (begins) {
      ObjectNode head = transaction.deepCopy();
      head.remove("changes");
      String text = head.toString();
      out.print(text.substring(0, text.length() - 1) + ",\"changes\":[");
    }
    String separator = begins ? "" : ",";
    for (JsonNode change : transaction.path("changes")) {
      out.print(separator);
      out.print(change);
      separator = ",";
    }
    if (ends) {
      out.println("]}");
    }
  }

  private static void print(JsonNode transaction, boolean begins, PrintWriter out) {
    if (begins) {
      TransactionLine.print(transaction, transaction.path("objects").asInt(), out);
    }
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
