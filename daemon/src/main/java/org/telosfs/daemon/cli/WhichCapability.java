package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.telosfs.daemon.control.ControlClient;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** A store, and one of its capabilities by its number or by itself. */
final class WhichCapability {
  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "ID",
      description = "The capability's number; or --token.")
  private @Nullable String id;

  @Option(
      names = "--token",
      paramLabel = "FILE",
      description = "The file that holds it; - for standard input.")
  private @Nullable Path token;

  Path store() {
    return store;
  }

  /** The request for it, as the running daemon takes it. */
  ObjectNode request(String command, CommandSpec spec) throws IOException {
    ObjectNode request = ControlClient.request(command);
    if (id != null && token == null) {
      return request.put("id", id);
    }
    if (token != null && id == null) {
      return request.put("token", TokenFile.text(TokenFile.read(token)));
    }
    throw new ParameterException(spec.commandLine(), "name either ID or --token FILE");
  }
}
