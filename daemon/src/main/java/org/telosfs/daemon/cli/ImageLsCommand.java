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

/** {@code telosfs image ls}. */
@Command(
    name = "ls",
    description = "Lists the named objects: number, time of the last change, name.",
    footerHeading = "%nExamples:%n",
    footer = {"  telosfs image ls ~/data", "  telosfs image ls ~/data --json | jq -r '.[].name'"})
final class ImageLsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @Option(names = "--json", description = "As a JSON array.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    JsonNode objects = new StoreRequests(store).call(ControlClient.request("image-ls"));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(objects.toPrettyString());
      return ExitCode.OK.number();
    }
    for (JsonNode object : objects) {
      out.printf(
          "%s  %-30s  %s%n",
          object.path("oid").asText(), object.path("time").asText(), object.path("name").asText());
    }
    return ExitCode.OK.number();
  }
}
