package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
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

/** {@code telosfs image get}. */
@Command(
    name = "get",
    description = "Prints an object's slots as JSON, in the form that image put takes.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs image get ~/data apple",
      "  telosfs image get ~/data 0000000000000002 | jq .colour",
      "  telosfs image get ~/data apple --blob apple.jpg"
    })
final class ImageGetCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "NAME|OID",
      description = "The object's name, or its number as image ls prints it.")
  private String object = "";

  @Option(
      names = "--blob",
      paramLabel = "FILE",
      description = "Write the object's blob to this file, which must not exist, instead.")
  private @Nullable Path blob;

  @Option(names = "--json", description = "On one line; without it the same JSON, indented.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    ObjectNode request = ControlClient.request("image-get").put("object", object);
    if (blob != null) {
      request.put("blob", blob.toAbsolutePath().toString());
    }
    var state = new StoreRequests(store).call(request);
    spec.commandLine().getOut().println(json ? state.toString() : state.toPrettyString());
    return ExitCode.OK.number();
  }
}
