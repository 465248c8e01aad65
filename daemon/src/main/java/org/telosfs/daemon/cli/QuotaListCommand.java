package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.control.ControlClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs quota list}. */
@Command(
    name = "list",
    description = {
      "Lists what users, groups and directories use and may use.",
      "Nothing is counted until the first quota is set."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs quota list ~/data",
      "  telosfs quota list ~/data --json | jq '.[] | select(.kind == \"user\")'"
    })
final class QuotaListCommand implements Callable<Integer> {
  private static final String ROW = "%12s %12s %12s %12s  %s%n";
  private static final String NO_LIMIT = "-";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @Option(names = "--json", description = "As a JSON array.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    JsonNode quotas = new QuotaRequests(store).call(ControlClient.request("quota-list"));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(quotas.toPrettyString());
    } else if (quotas.isEmpty()) {
      out.println("no quota was ever set; set one with: telosfs quota set " + store);
    } else {
      print(quotas, out);
    }
    return ExitCode.OK.number();
  }

  private static void print(JsonNode quotas, PrintWriter out) throws IOException {
    Map<String, Map<Long, String>> names =
        Map.of("user", AccountNames.USERS.names(), "group", AccountNames.GROUPS.names());
    out.printf(ROW, "SPACE", "LIMIT", "INODES", "LIMIT", "OF");
    for (JsonNode quota : quotas) {
      JsonNode bytesLimit = quota.path("bytesLimit");
      JsonNode inodesLimit = quota.path("inodesLimit");
      out.printf(
          ROW,
          ByteSize.describe(quota.path("bytes").asLong()),
          bytesLimit.isNumber() ? ByteSize.describe(bytesLimit.asLong()) : NO_LIMIT,
          quota.path("inodes").asText(),
          inodesLimit.isNumber() ? inodesLimit.asText() : NO_LIMIT,
          subject(quota, names));
    }
  }

  private static String subject(JsonNode quota, Map<String, Map<Long, String>> names) {
    String kind = quota.path("kind").asText();
    if (kind.equals("directory")) {
      return "directory " + quota.path("path").asText("that has no quota any more");
    }
    long id = quota.path("id").asLong();
    String name = names.getOrDefault(kind, Map.of()).get(id);
    return kind + " " + id + (name == null ? "" : " (" + name + ")");
  }
}
