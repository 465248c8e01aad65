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

/** {@code telosfs image space}. */
@Command(
    name = "space",
    description = {
      "Prints what takes a store's space: the objects as they are, by prototype and by the first",
      "name that leads to them, the largest ones, and former states. Looks at every object."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  telosfs image space ~/data", "  telosfs image space ~/data --json | jq .largest"})
final class ImageSpaceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    JsonNode space = new StoreRequests(store).call(ControlClient.request("image-space"));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(space.toPrettyString());
      return ExitCode.OK.number();
    }
    tell("objects as they are", space, out);
    tell("that no name leads to", space.path("unreachable"), out);
    out.printf(
        "log, with %,d states of them: %s; see what can go: telosfs image pack %s --keep 0%n",
        space.path("revisions").asLong(),
        ByteSize.describe(space.path("logBytes").asLong()),
        store);
    for (JsonNode prototype : space.path("prototypes")) {
      String id = prototype.path("prototype").asText();
      String name = prototype.path("name").asText();
      tell("prototype " + (id.isEmpty() ? "none" : name.isEmpty() ? id : name), prototype, out);
    }
    for (JsonNode root : space.path("roots")) {
      tell("name " + root.path("name").asText(), root, out);
    }
    for (JsonNode object : space.path("largest")) {
      out.printf(
          "largest  %s  %10s  %s%n",
          object.path("oid").asText(),
          ByteSize.describe(object.path("bytes").asLong()),
          object.path("name").asText());
    }
    return ExitCode.OK.number();
  }

  private static void tell(String what, JsonNode tally, PrintWriter out) {
    long blobs = tally.path("blobBytes").asLong();
    out.printf(
        "%-24s  %,10d objects  %10s%s%n",
        what,
        tally.path("objects").asLong(),
        ByteSize.describe(tally.path("bytes").asLong()),
        blobs == 0 ? "" : "  and blobs of " + ByteSize.describe(blobs));
  }
}
