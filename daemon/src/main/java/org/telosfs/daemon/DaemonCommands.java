package org.telosfs.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.telosfs.daemon.control.ControlHandler;
import org.telosfs.daemon.image.ImageRequests;
import org.telosfs.fuse.FuseMount;
import org.telosfs.fuse.FuseStats;

/** What a daemon answers on its control socket. */
final class DaemonCommands {
  private final Daemon daemon;

  DaemonCommands(Daemon daemon) {
    this.daemon = daemon;
  }

  Map<String, ControlHandler> handlers() {
    Map<String, ControlHandler> handlers = new LinkedHashMap<>();
    handlers.put("status", request -> status());
    handlers.put("umount", this::umount);
    daemon
        .served()
        .objects()
        .ifPresent(objects -> handlers.putAll(ImageRequests.handlers(objects)));
    handlers.putAll(daemon.served().handlers());
    daemon.objects().ifPresent(objects -> handlers.putAll(objects.handlers()));
    return handlers;
  }

  private ObjectNode status() throws IOException {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("running", true).put("pid", ProcessHandle.current().pid());
    StoreLayout store = daemon.config().store();
    if (store != null) {
      status.put("store", store.directory().toString());
    }
    status.put("started", daemon.started().toString());
    status.put("uptimeSeconds", Duration.between(daemon.started(), Instant.now()).toSeconds());
    status.put("transport", daemon.config().transport().toString());
    ObjectNode mounts = status.putObject("mounts");
    for (Map.Entry<String, FuseMount> mount : daemon.mounts().byName().entrySet()) {
      describe(mount.getValue(), mounts.putObject(mount.getKey()));
    }
    daemon.served().describe(status);
    daemon.objects().ifPresent(objects -> objects.describe(status));
    return status;
  }

  private static void describe(FuseMount mount, ObjectNode into) {
    FuseStats stats = mount.stats();
    into.put("path", mount.where().toString())
        .put("mounted", mount.isMounted())
        .put("requests", stats.totalRequests())
        .put("refused", stats.refused())
        .put("failed", stats.failed())
        .put("readers", stats.readers())
        .put("knownInodes", stats.knownInodes());
  }

  /** Unmounts one or all; if nothing stays mounted, answers when all is flushed. */
  private JsonNode umount(ObjectNode request) throws IOException {
    if (request.hasNonNull("path")) {
      daemon.mounts().unmount(Path.of(request.path("path").asText()));
    } else {
      daemon.mounts().unmountAll();
    }
    boolean ends = daemon.mounts().isEmpty();
    if (ends) {
      awaitFlushed();
    }
    return JsonNodeFactory.instance
        .objectNode()
        .put("ended", ends)
        .put("pid", ProcessHandle.current().pid());
  }

  private void awaitFlushed() throws IOException {
    try {
      daemon.flushed().join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof IOException io) {
        throw io;
      }
      throw new UncheckedIOException(new IOException(failed.getCause()));
    }
  }
}
