package org.telosfs.daemon.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.telosfs.daemon.DaemonConfig;
import org.telosfs.daemon.ipc.SocketPlace;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where the objects' socket is, and who may connect. */
final class SocketOptions {
  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description = {
        "Where the objects' socket is, for clients of other users; STORE/ipc/socket, in a directory",
        "of your own, is then a link to it."
      })
  private @Nullable Path socket;

  @Option(
      names = "--socket-mode",
      paramLabel = "MODE",
      description = {
        "Who may connect to --socket, in octal: 0600 you alone, 0660 the group, 0666 everybody.",
        "Whoever connects still needs a capability. 0600 if you say nothing."
      })
  private @Nullable String mode;

  @Option(
      names = "--socket-group",
      paramLabel = "GID|NAME",
      description = "The group that --socket belongs to.")
  private @Nullable String group;

  DaemonConfig applyTo(DaemonConfig config, CommandSpec spec) throws IOException {
    if (socket == null) {
      if (mode != null || group != null) {
        throw new ParameterException(
            spec.commandLine(), "--socket-mode and --socket-group go with --socket PATH");
      }
      return config;
    }
    if (config.store() == null) {
      throw new ParameterException(spec.commandLine(), "a tree in memory has no --socket");
    }
    try {
      return config.withSocket(
          new SocketPlace(
              socket,
              mode == null ? SocketPlace.PRIVATE.permissions() : SocketPlace.permissions(mode),
              group == null ? null : (int) AccountNames.GROUPS.idOf(group)));
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), "--socket-mode: " + wrong.getMessage());
    }
  }
}
