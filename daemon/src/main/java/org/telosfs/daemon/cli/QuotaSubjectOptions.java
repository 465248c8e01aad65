package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose quota a command is about; exactly one of them is given. */
final class QuotaSubjectOptions {
  @Option(names = "--user", paramLabel = "UID|NAME", description = "All that a user owns.")
  private @Nullable String user;

  @Option(names = "--group", paramLabel = "GID|NAME", description = "All that a group owns.")
  private @Nullable String group;

  @Option(
      names = "--directory",
      paramLabel = "PATH",
      description = {
        "What lies in a directory and below it, whoever owns it. The path begins at the tree's",
        "root, or leads through its mount point."
      })
  private @Nullable String directory;

  void describe(ObjectNode request) throws IOException {
    if (user != null) {
      request.put("kind", "user").put("id", AccountNames.USERS.idOf(user));
    } else if (group != null) {
      request.put("kind", "group").put("id", AccountNames.GROUPS.idOf(group));
    } else {
      request.put("kind", "directory").put("path", directory);
    }
  }
}
