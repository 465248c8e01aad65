package org.telosfs.daemon.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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
      "  telosfs image get ~/data 0000000000000002 | jq .colour"
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

  @Option(names = "--json", description = "On one line; without it the same JSON, indented.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    var state =
        new StoreRequests(store).call(ControlClient.request("image-get").put("object", object));
    spec.commandLine().getOut().println(json ? state.toString() : state.toPrettyString());
    return ExitCode.OK.number();
  }
}
