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

/** {@code telosfs image refs}. */
@Command(
    name = "refs",
    description = {
      "Prints which names an object has, what it refers to, and what refers to it. Looks at every",
      "object to find out."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  telosfs image refs ~/data apple", "  telosfs image refs ~/data 0000000000000002"})
final class ImageRefsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "NAME|OID",
      description = "The object's name, or its number as image ls prints it.")
  private String object = "";

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    JsonNode refs =
        new StoreRequests(store).call(ControlClient.request("image-refs").put("object", object));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(refs.toPrettyString());
      return ExitCode.OK.number();
    }
    refs.path("names").forEach(name -> out.println("named           " + name.asText()));
    refs.path("refersTo").forEach(id -> out.println("refers to       " + id.asText()));
    refs.path("referredToBy").forEach(id -> out.println("referred to by  " + id.asText()));
    return ExitCode.OK.number();
  }
}
