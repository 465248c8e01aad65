package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.telosfs.daemon.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code telosfs cap show}. */
@Command(
    name = "show",
    description = "Shows what a capability allows and what was used of its quotas; no secret.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs cap show ~/data 5f0c6a27b1f34c8d9a0e4c1d2b3a4f5e",
      "  telosfs cap show ~/data --token ~/app.cap --json"
    })
final class CapShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private WhichCapability which = new WhichCapability();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    ObjectNode request = which.request("cap-show", spec);
    JsonNode shown = new CapabilityRequests(which.store()).call(request);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(shown.toPrettyString());
      return ExitCode.OK.number();
    }
    out.println("number   " + shown.path("id").asText());
    out.println("label    " + shown.path("label").asText());
    out.println("granted  " + shown.path("granted").asText());
    if (shown.hasNonNull("revoked")) {
      out.println("revoked  " + shown.path("revoked").asText());
    }
    out.println("valid    " + (shown.path("valid").asBoolean() ? "yes" : "no"));
    out.println("allows   " + text(shown.path("grants")));
    for (int at = 1; at < shown.path("restrictions").size(); at++) {
      out.println("   then  " + text(shown.path("restrictions").get(at)));
    }
    out.println(
        "used     "
            + shown.path("used").path("bytes").asLong()
            + " bytes, "
            + shown.path("used").path("objects").asLong()
            + " objects");
    return ExitCode.OK.number();
  }

  /** Restrictions in a line. */
  static String text(JsonNode restrictions) {
    List<String> parts = new ArrayList<>();
    List<String> rights = new ArrayList<>();
    restrictions.path("rights").forEach(right -> rights.add(right.asText()));
    parts.add(String.join(",", rights));
    if (restrictions.hasNonNull("roots")) {
      List<String> roots = new ArrayList<>();
      restrictions.path("roots").forEach(root -> roots.add("'" + root.asText() + "'"));
      parts.add("from " + String.join(" ", roots));
    }
    if (restrictions.hasNonNull("asOf")) {
      parts.add("as of " + restrictions.path("asOf").asText());
    }
    if (restrictions.hasNonNull("expires")) {
      parts.add("until " + restrictions.path("expires").asText());
    }
    if (restrictions.hasNonNull("bytes")) {
      parts.add(restrictions.path("bytes").asLong() + " bytes");
    }
    if (restrictions.hasNonNull("objects")) {
      parts.add(restrictions.path("objects").asLong() + " objects");
    }
    return String.join("; ", parts);
  }
}
