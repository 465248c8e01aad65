package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code telosfs cap revoke}. */
@Command(
    name = "revoke",
    description = {
      "Makes a capability void at once, with all that was made of it; who is connected with it is",
      "disconnected. With --token only that weaker one and what was made of it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs cap revoke ~/data 5f0c6a27b1f34c8d9a0e4c1d2b3a4f5e",
      "  telosfs cap revoke ~/data --token /tmp/guest.cap"
    })
final class CapRevokeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private WhichCapability which = new WhichCapability();

  @Override
  public Integer call() throws IOException {
    ObjectNode request = which.request("cap-revoke", spec);
    if (!new CapabilityRequests(which.store()).call(request).path("revoked").asBoolean()) {
      throw new Refusal(ExitCode.FAILED, "it was void before, or is none of this store's");
    }
    return ExitCode.OK.number();
  }
}
