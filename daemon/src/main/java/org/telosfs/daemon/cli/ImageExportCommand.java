package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.control.ControlClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs image export}. */
@Command(
    name = "export",
    description = {
      "Writes objects, and all that they lead to, into a new file, from which image import makes",
      "them again in any store. Without names or numbers: all that the names lead to."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs image export ~/data ~/garden.telosfs",
      "  telosfs image export ~/data ~/apple.telosfs apple --at 2026-01-31T12:00:00Z"
    })
final class ImageExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @Parameters(index = "1", paramLabel = "FILE", description = "The new file.")
  private Path file = Path.of("");

  @Parameters(
      index = "2..*",
      paramLabel = "NAME|OID",
      description = "Objects, by name or number as image ls prints them.")
  private List<String> objects = List.of();

  @Option(
      names = "--at",
      converter = Moment.Converter.class,
      paramLabel = "TID|TIME",
      description = "As they were after that transaction, or at that time (now).")
  private @Nullable Moment at;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    ObjectNode request =
        ControlClient.request("image-export").put("file", file.toAbsolutePath().toString());
    ArrayNode wanted = request.putArray("objects");
    objects.forEach(wanted::add);
    if (at != null) {
      request.put("at", at.toString());
    }
    JsonNode report = new StoreRequests(store).call(request);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(report.toPrettyString());
    } else {
      out.printf(
          "%,d objects of %s, with %,d names, as after transaction %s%n",
          report.path("objects").asLong(),
          ByteSize.describe(report.path("bytes").asLong()),
          report.path("names").size(),
          report.path("tid").asText());
    }
    return ExitCode.OK.number();
  }
}
