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

/** {@code telosfs image import}. */
@Command(
    name = "import",
    description = {
      "Makes the objects of an export in a store, with new numbers and the names that they had.",
      "No name that is there is replaced: --prefix gives them others. Wholly, or nothing is seen."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs image import ~/other ~/garden.telosfs",
      "  telosfs image import ~/data ~/apple.telosfs --prefix old-"
    })
final class ImageImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @Parameters(index = "1", paramLabel = "FILE", description = "What image export wrote.")
  private Path file = Path.of("");

  @Option(names = "--prefix", paramLabel = "TEXT", description = "Put before every name.")
  private String prefix = "";

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    JsonNode report =
        new StoreRequests(store)
            .call(
                ControlClient.request("image-import")
                    .put("file", file.toAbsolutePath().toString())
                    .put("prefix", prefix)
                    .put("user", System.getProperty("user.name", "")));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(report.toPrettyString());
      return ExitCode.OK.number();
    }
    for (JsonNode name : report.path("names")) {
      out.println(name.path("oid").asText() + "  " + name.path("name").asText());
    }
    out.printf(
        "%,d objects, in transaction %s%n",
        report.path("objects").asLong(), report.path("tid").asText());
    return ExitCode.OK.number();
  }
}
