package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.telosfs.daemon.DeadMounts;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.daemon.RunDirectory;
import org.telosfs.daemon.RunRecord;
import org.telosfs.daemon.StoreLayout;
import org.telosfs.daemon.control.ControlClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code telosfs umount}. */
@Command(
    name = "umount",
    description = {
      "Unmounts a store's trees, or one mount point, and returns when all is flushed.",
      "A mount in use stays, and is named; nothing is detached lazily."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs umount ~/data         both trees of a store; the daemon ends",
      "  telosfs umount /mnt/t         one mount; the daemon ends with its last"
    })
final class UmountCommand implements Callable<Integer> {
  @Parameters(arity = "1", paramLabel = "STORE|DIR", description = "A store, or a mount point.")
  private Path target = Path.of("");

  @Override
  public Integer call() throws IOException {
    StoreLayout store = new StoreLayout(target);
    if (store.exists()) {
      boolean done =
          end(store.control(), ControlClient.request("umount"))
              || DeadMounts.clear(List.of(store.posix(), store.image()));
      return done ? ExitCode.OK.number() : refuse("no daemon runs for it");
    }
    Path where = realPath(target);
    ObjectNode request = ControlClient.request("umount").put("path", where.toString());
    Optional<RunRecord> daemon = RunDirectory.ofThisUser().serving(where);
    boolean done =
        (daemon.isPresent() && end(daemon.get().control(), request))
            || DeadMounts.clear(List.of(where));
    return done ? ExitCode.OK.number() : refuse("no daemon of yours serves it");
  }

  private int refuse(String why) throws Refusal {
    throw new Refusal(
        ExitCode.NOT_FOUND, target.toAbsolutePath().normalize() + " is not mounted: " + why);
  }

  /**
   * Asks the daemon, and if that was its end waits until its process is gone; false if none runs.
   */
  private static boolean end(Path control, ObjectNode request) throws IOException {
    Optional<ControlClient> connected = ControlClient.connect(control);
    if (connected.isEmpty()) {
      return false;
    }
    try (ControlClient client = connected.get()) {
      JsonNode result = client.call(request);
      if (result.path("ended").asBoolean()) {
        ProcessHandle.of(result.path("pid").asLong()).ifPresent(process -> process.onExit().join());
      }
      return true;
    }
  }

  /** Resolves all but the last name: what is mounted there may not answer. */
  private static Path realPath(Path given) throws IOException {
    Path absolute = given.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    Path name = absolute.getFileName();
    if (parent == null || name == null || !Files.isDirectory(parent)) {
      return absolute;
    }
    return parent.toRealPath().resolve(name);
  }
}
