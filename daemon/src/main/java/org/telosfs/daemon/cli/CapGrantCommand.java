package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.capability.RestrictionsJson;
import org.telosfs.daemon.control.ControlClient;
import org.telosfs.persistence.capability.Right;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs cap grant}. */
@Command(
    name = "grant",
    description = {
      "Grants a capability and writes it to a new file that only you can read.",
      "Prints its number, by which it can be revoked. Without --rights it may read."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs cap grant ~/data --rights read,write --out ~/app.cap --label 'the web shop'",
      "  telosfs cap grant ~/data --root shop --expires P30D --out ~/reader.cap"
    })
final class CapGrantCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where to write the capability.")
  private Path out = Path.of("");

  @Option(names = "--label", paramLabel = "TEXT", description = "What it is for.")
  private String label = "";

  @Mixin private RestrictionOptions restrictions = new RestrictionOptions();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    TokenFile.refuseIfThere(out);
    ObjectNode request = ControlClient.request("cap-grant").put("label", label);
    RestrictionsJson.put(
        restrictions.restrictions(EnumSet.of(Right.READ)), request.putObject("restrictions"));
    JsonNode granted = new CapabilityRequests(store).call(request);
    TokenFile.write(out, granted.path("token").asText().getBytes(StandardCharsets.US_ASCII));
    ObjectNode told = ((ObjectNode) granted).without("token");
    told.put("file", out.toString());
    spec.commandLine()
        .getOut()
        .println(
            json ? told.toPrettyString() : granted.path("id").asText() + "  written to " + out);
    return ExitCode.OK.number();
  }
}
