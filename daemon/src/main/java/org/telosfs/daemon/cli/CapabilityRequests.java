package org.telosfs.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.daemon.StoreLayout;
import org.telosfs.daemon.StoreLock;
import org.telosfs.daemon.capability.CapabilityService;
import org.telosfs.daemon.control.ControlClient;
import org.telosfs.daemon.control.ControlHandler;
import org.telosfs.persistence.capability.CapabilityRegistry;

/** Sends capability requests to the running daemon, or answers them here when none runs. */
final class CapabilityRequests {
  private final StoreLayout store;

  CapabilityRequests(Path store) {
    this.store = new StoreLayout(store);
  }

  JsonNode call(ObjectNode request) throws IOException {
    store.requireStore();
    Optional<ControlClient> daemon = ControlClient.connect(store.control());
    if (daemon.isPresent()) {
      try (ControlClient client = daemon.get()) {
        return client.call(request);
      }
    }
    try (StoreLock lock = StoreLock.acquire(store);
        CapabilityRegistry registry =
            CapabilityRegistry.open(store.capabilities(), InstantSource.system())) {
      String command = request.path("command").asText();
      ControlHandler handler = new CapabilityService(registry).handlers().get(command);
      if (handler == null) {
        throw new Refusal(ExitCode.USAGE, "unknown request " + command);
      }
      return handler.handle(request);
    }
  }
}
