package org.telosfs.daemon.ipc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Map;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.daemon.StoreLayout;
import org.telosfs.daemon.capability.CapabilityService;
import org.telosfs.daemon.control.ControlAddress;
import org.telosfs.daemon.control.ControlHandler;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.capability.CapabilityRegistry;
import org.telosfs.persistence.ipc.CapabilityAdmission;
import org.telosfs.persistence.ipc.IpcLimits;
import org.telosfs.persistence.ipc.IpcServer;

/** Serves a store's objects on its socket, to who has a capability. */
public final class StoreServer implements Closeable {
  private final CapabilityRegistry registry;
  private final IpcServer server;
  private final ControlAddress address;

  private StoreServer(CapabilityRegistry registry, IpcServer server, ControlAddress address) {
    this.registry = registry;
    this.server = server;
    this.address = address;
  }

  /**
   * The caller holds the store's lock.
   *
   * @param place where the socket is wanted
   * @param shortDirectory for the socket, where its path in the store would be too long for one
   */
  public static StoreServer start(
      StoreLayout store, ObjectStore objects, SocketPlace place, Path shortDirectory)
      throws IOException {
    if (!Files.isDirectory(store.ipc())) {
      Files.createDirectory(
          store.ipc(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    place.requireFree();
    ControlAddress address = address(store, place, shortDirectory);
    address.clear();
    CapabilityRegistry registry =
        CapabilityRegistry.open(store.capabilities(), InstantSource.system());
    try {
      IpcServer server =
          IpcServer.start(
              address.socket(),
              objects,
              new CapabilityAdmission(objects, registry),
              new PeerLookup(),
              IpcLimits.DEFAULT);
      try {
        place.open(address.socket());
        address.link();
      } catch (IOException | RuntimeException failed) {
        server.close();
        throw failed;
      }
      return new StoreServer(registry, server, address);
    } catch (IOException | RuntimeException failed) {
      registry.close();
      throw failed;
    }
  }

  private static ControlAddress address(StoreLayout store, SocketPlace place, Path shortDirectory)
      throws IOException {
    Path path = place.path();
    if (path == null) {
      return ControlAddress.choose(store.ipcSocket(), shortDirectory, "ipc");
    }
    if (!ControlAddress.fits(path)) {
      throw new Refusal(ExitCode.USAGE, path + " is too long for a socket; 107 bytes fit");
    }
    return new ControlAddress(store.ipcSocket(), path);
  }

  /** What the control socket answers about capabilities. */
  public Map<String, ControlHandler> handlers() {
    return new CapabilityService(registry).handlers();
  }

  public void describe(ObjectNode status) {
    IpcServer.Stats stats = server.stats();
    status
        .putObject("ipc")
        .put("socket", address.wanted().toString())
        .put("listensOn", address.socket().toString())
        .put("connections", stats.connections())
        .put("accepted", stats.accepted())
        .put("refused", stats.refused());
  }

  @Override
  public void close() throws IOException {
    try (registry) {
      server.close();
      address.clear();
    }
  }
}
