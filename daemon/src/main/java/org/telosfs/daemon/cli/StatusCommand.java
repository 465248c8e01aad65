package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.RunDirectory;
import org.telosfs.daemon.RunRecord;
import org.telosfs.daemon.StoreLayout;
import org.telosfs.daemon.control.ControlClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs status}. */
@Command(
    name = "status",
    description = "Says whether a store is mounted, where, by which process, and how full it is.",
    footerHeading = "%nExamples:%n",
    footer = {"  telosfs status", "  telosfs status ~/data --json | jq .pid"})
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "STORE",
      description = "The store, or a mount point of a tree in memory (${DEFAULT-VALUE}).")
  private Path target = Path.of("telosfs-data");

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    JsonNode status = status();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(status.toPrettyString());
    } else {
      print(status, out);
    }
    return ExitCode.OK.number();
  }

  private JsonNode status() throws IOException {
    StoreLayout store = new StoreLayout(target);
    Optional<RunRecord> memory = RunDirectory.ofThisUser().serving(store.directory());
    if (memory.isEmpty()) {
      store.requireStore();
    }
    Path control = memory.map(RunRecord::control).orElse(store.control());
    Optional<ControlClient> connected = ControlClient.connect(control);
    if (connected.isPresent()) {
      try (ControlClient client = connected.get()) {
        return client.call(ControlClient.request("status"));
      }
    }
    ObjectNode down = JsonNodeFactory.instance.objectNode();
    return down.put("running", false).put("store", store.directory().toString());
  }

  private static void print(JsonNode status, PrintWriter out) {
    String what = status.path("store").asText("a tree in memory");
    if (!status.path("running").asBoolean()) {
      out.println(what + ": not mounted; mount it with: telosfs up " + what);
      return;
    }
    out.println(
        what
            + ": served by process "
            + status.path("pid").asLong()
            + " for "
            + duration(Duration.ofSeconds(status.path("uptimeSeconds").asLong())));
    status
        .path("mounts")
        .properties()
        .forEach(
            mount ->
                out.printf(
                    "  %-8s %s (%s, %,d requests)%n",
                    mount.getKey(),
                    mount.getValue().path("path").asText(),
                    mount.getValue().path("mounted").asBoolean() ? "mounted" : "unmounted",
                    mount.getValue().path("requests").asLong()));
    printVolume(status.path("volume"), out);
    printObjects(status.path("objects"), out);
  }

  private static void printVolume(JsonNode volume, PrintWriter out) {
    if (volume.isObject()) {
      out.printf(
          "  volume   %s, %s free%n",
          ByteSize.describe(volume.path("totalBytes").asLong()),
          ByteSize.describe(volume.path("freeBytes").asLong()));
    }
  }

  private static void printObjects(JsonNode objects, PrintWriter out) {
    if (objects.isObject()) {
      out.printf(
          "  objects  %,d in %,d transactions, log of %s%n",
          objects.path("objects").asLong(),
          objects.path("transactions").asLong(),
          ByteSize.describe(objects.path("logBytes").asLong()));
    }
  }

  private static String duration(Duration time) {
    if (time.toHours() > 0) {
      return time.toHours() + " h " + time.toMinutesPart() + " min";
    }
    return time.toMinutes() > 0
        ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
        : time.toSeconds() + " s";
  }
}
