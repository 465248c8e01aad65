package org.telosfs.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.telosfs.daemon.cli.TelosCommand;

/**
 * A short run of what every start does, by which the launcher learns which classes to archive. Run
 * at build time in directories of its own; where nothing can be mounted it goes as far as it gets.
 */
public final class Rehearsal {
  private Rehearsal() {}

  public static void main(String[] arguments) throws IOException {
    Path where = Files.createTempDirectory("telosfs-rehearsal");
    try (Daemon daemon = Daemon.start(DaemonConfig.ofMemory(where))) {
      Path file = daemon.mountPoints().values().iterator().next().resolve("file");
      Files.writeString(file, "text");
      Files.readString(file);
      Files.delete(file);
      TelosCommand.run("status", where.toString());
      TelosCommand.run("mount", "--memory", where.toString());
    } finally {
      Files.deleteIfExists(where);
    }
  }
}
