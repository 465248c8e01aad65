package org.telosfs.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.telosfs.daemon.cli.TelosCommand;

/**
 * A short run of what every start does, by which the launcher learns which classes to archive. Run
 * at build time in directories of its own; where nothing can be mounted it goes as far as it gets.
 */
public final class Rehearsal {
  private static final long VOLUME_BYTES = 64 << 20;

  private Rehearsal() {}

  public static void main(String[] arguments) throws IOException {
    Main.prepare(new String[] {"up"});
    Path home = Files.createTempDirectory("telosfs-rehearsal");
    StoreLayout store = new StoreLayout(home.resolve("store"));
    StoreCreation.create(store, VOLUME_BYTES);
    try {
      TelosCommand.run("image", "put", store.directory().toString(), "a={\"x\": [1, 2.5, null]}");
      TelosCommand.run("check", store.directory().toString());
      serve(store);
      TelosCommand.run("status", store.directory().toString());
    } finally {
      remove(home);
    }
  }

  private static void serve(StoreLayout store) throws IOException {
    String name = store.directory().toString();
    try (Daemon daemon = Daemon.start(DaemonConfig.ofStore(store, null, null))) {
      Path file = daemon.mountPoints().getOrDefault("posix", Path.of("/")).resolve("file");
      Files.writeString(file, "text");
      Files.readString(file);
      TelosCommand.run("image", "put", name, "b={\"x\": {\"y\": true}}");
      TelosCommand.run("image", "ls", name);
      TelosCommand.run("image", "log", name);
      Files.readString(store.image().resolve("roots/b/state.json"));
      TelosCommand.run("status", name);
      TelosCommand.run("up", name);
    }
  }

  private static void remove(Path home) throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
