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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs cap list}. */
@Command(
    name = "list",
    description = "Lists a store's capabilities, void ones too.",
    footerHeading = "%nExamples:%n",
    footer = {"  telosfs cap list ~/data", "  telosfs cap list ~/data --json"})
final class CapListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    JsonNode grants = new CapabilityRequests(store).call(ControlClient.request("cap-list"));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(grants.toPrettyString());
    } else {
      for (JsonNode grant : grants) {
        out.println(line(grant));
      }
    }
    return ExitCode.OK.number();
  }

  private static String line(JsonNode grant) {
    String state = grant.path("valid").asBoolean() ? "valid" : "void ";
    return grant.path("id").asText()
        + "  "
        + state
        + "  "
        + CapShowCommand.text(grant.path("grants"))
        + (grant.path("label").asText().isEmpty() ? "" : "  # " + grant.path("label").asText());
  }
}
