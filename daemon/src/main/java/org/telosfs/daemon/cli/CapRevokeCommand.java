package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.daemon.control.ControlClient;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Which which = new Which();

  /** Which one. */
  private static final class Which {
    @Parameters(index = "1", paramLabel = "ID", description = "The capability's number.")
    private @Nullable String id;

    @Option(
        names = "--token",
        paramLabel = "FILE",
        description = "The file that holds it; - for standard input.")
    private @Nullable Path token;
  }

  @Override
  public Integer call() throws IOException {
    ObjectNode request = ControlClient.request("cap-revoke");
    if (which.token != null) {
      request.put("token", TokenFile.text(TokenFile.read(which.token)));
    } else {
      request.put("id", which.id);
    }
    if (!new CapabilityRequests(store).call(request).path("revoked").asBoolean()) {
      throw new Refusal(ExitCode.FAILED, "it was void before, or is none of this store's");
    }
    return ExitCode.OK.number();
  }
}
