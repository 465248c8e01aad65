package org.telosfs.persistence.ipc;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.storage.MemoryStorageDirectory;
import org.telosfs.persistence.storage.StorageDirectory;

/** A store in this process behind a socket, to which everybody is admitted. */
public final class ServedStore implements Closeable {
  public static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final byte[] ANY_TOKEN = {1};

  private final StorageDirectory directory;
  private final Path workingDirectory;
  private final Path socket;
  private final StoreConfig config;
  private final IpcLimits limits;
  private volatile LocalObjectStore local;
  private volatile IpcServer server;

  private ServedStore(
      StorageDirectory directory, Path workingDirectory, StoreConfig config, IpcLimits limits)
      throws IOException {
    this.directory = directory;
    this.workingDirectory = workingDirectory;
    this.socket = workingDirectory.resolve("socket");
    this.config = config;
    this.limits = limits;
    this.local = LocalObjectStore.open(directory, config);
    this.server = serve();
  }

  public static ServedStore inMemory(IpcLimits limits) throws IOException {
    MemoryStorageDirectory directory = new MemoryStorageDirectory();
    LocalObjectStore.create(directory);
    return open(directory, StoreConfig.DEFAULT, limits);
  }

  /** Serves the store that the directory holds. */
  public static ServedStore open(StorageDirectory directory, StoreConfig config, IpcLimits limits)
      throws IOException {
    return new ServedStore(directory, Files.createTempDirectory("telosfs-ipc"), config, limits);
  }

  private IpcServer serve() throws IOException {
    LocalObjectStore served = local;
    return IpcServer.start(
        socket, served, (token, peer) -> new Everything(served), ServedStore::self, limits);
  }

  private static Peer self(SocketChannel channel) {
    return new Peer(0, 0, (int) ProcessHandle.current().pid());
  }

  record Everything(ObjectStore store) implements Admission.Admitted {
    @Override
    public Optional<CommittedTransaction> visible(CommittedTransaction transaction) {
      return Optional.of(transaction);
    }

    @Override
    public boolean isToldAll() {
      return true;
    }

    @Override
    public boolean isValid() {
      return true;
    }

    @Override
    public String name() {
      return "everybody";
    }

    @Override
    public void close() {}
  }

  public RemoteObjectStore connect() throws IOException {
    return RemoteObjectStore.connect(socket, ANY_TOKEN, PATIENCE);
  }

  /** A client that keeps what it reads. */
  public RemoteObjectStore connectCaching(long cacheBytes) throws IOException {
    return RemoteObjectStore.connect(socket, ANY_TOKEN, PATIENCE, cacheBytes);
  }

  public LocalObjectStore local() {
    return local;
  }

  public IpcServer server() {
    return server;
  }

  public Path socket() {
    return socket;
  }

  /** The server's process dies, as it were, and another one serves the same store. */
  public void restart() throws IOException {
    restart(store -> {});
  }

  /** What is done with a store that nobody serves. */
  public interface Meanwhile {
    void run(LocalObjectStore store) throws IOException;
  }

  /** The same, and something happens in between. */
  public void restart(Meanwhile meanwhile) throws IOException {
    server.close();
    local.close();
    local = LocalObjectStore.open(directory, config);
    meanwhile.run(local);
    server = serve();
  }

  @Override
  public void close() throws IOException {
    server.close();
    local.close();
    Files.deleteIfExists(socket);
    Files.deleteIfExists(workingDirectory);
  }
}
