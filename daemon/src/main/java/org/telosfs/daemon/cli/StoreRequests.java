package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.daemon.StoreLayout;
import org.telosfs.daemon.StoreLock;
import org.telosfs.daemon.control.ControlClient;
import org.telosfs.daemon.control.ControlHandler;
import org.telosfs.daemon.image.ImageRequests;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.storage.HostStorageDirectory;

/** Sends image requests to the running daemon, or answers them here when none runs. */
final class StoreRequests {
  private final StoreLayout store;

  StoreRequests(Path store) {
    this.store = new StoreLayout(store);
  }

  /** Whether a daemon has the store. */
  boolean areServed() throws IOException {
    store.requireStore();
    Optional<ControlClient> daemon = ControlClient.connect(store.control());
    if (daemon.isPresent()) {
      daemon.get().close();
    }
    return daemon.isPresent();
  }

  JsonNode call(ObjectNode request) throws IOException {
    store.requireStore();
    Optional<ControlClient> daemon = ControlClient.connect(store.control());
    if (daemon.isPresent()) {
      try (ControlClient client = daemon.get()) {
        return client.call(request);
      }
    }
    HostStorageDirectory directory = new HostStorageDirectory(store.objects());
    if (!writes(request)) {
      try (LocalObjectStore objects = LocalObjectStore.openReadOnly(directory)) {
        return answer(objects, request);
      }
    }
    try (StoreLock lock = StoreLock.acquire(store);
        LocalObjectStore objects = LocalObjectStore.open(directory, StoreConfig.DEFAULT)) {
      return answer(objects, request);
    }
  }

  private static boolean writes(ObjectNode request) {
    String command = request.path("command").asText();
    return command.equals("image-put")
        || command.equals("image-import")
        || (command.equals("image-pack") && request.path("apply").asBoolean());
  }

  private static JsonNode answer(LocalObjectStore objects, ObjectNode request) throws IOException {
    String command = request.path("command").asText();
    ControlHandler handler = ImageRequests.handlers(objects).get(command);
    if (handler == null) {
      throw new Refusal(ExitCode.USAGE, "unknown request " + command);
    }
    return handler.handle(request);
  }
}
