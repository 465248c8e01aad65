package org.telosfs.persistence.ipc;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.storage.HostStorageDirectory;

/** A store behind a socket in a process of its own, which may be killed and started again. */
public final class ServerProcess implements Closeable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final byte[] ANY_TOKEN = {1};
  private static final int SEGMENT_BYTES = 4 << 20;

  private final Path store;
  private final Path socket;
  private final Path log;
  private Process process;

  /**
   * Starts it.
   *
   * @param directory whose {@code store} is created; the socket and what the server says lie beside
   *     it
   */
  public ServerProcess(Path directory) throws IOException {
    store = Files.createDirectory(directory.resolve("store"));
    socket = directory.resolve("socket");
    log = directory.resolve("server.log");
    LocalObjectStore.create(medium());
    process = start();
  }

  /** What the server serves; for nobody else while it lives. */
  public HostStorageDirectory medium() throws IOException {
    return new HostStorageDirectory(store);
  }

  public RemoteObjectStore connect() throws IOException {
    return RemoteObjectStore.connect(socket, ANY_TOKEN, PATIENCE);
  }

  /** Breaks the client's connection, whatever is on its way. */
  public static void cut(RemoteObjectStore client) throws IOException {
    client.connection().close(new IOException("cut"));
  }

  private Process start() throws IOException {
    Process started =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ServerProcess.class.getName(),
                store.toString(),
                socket.toString())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    if (started.getInputStream().read() < 0) {
      started.destroyForcibly();
      throw new IOException("no server: " + Files.readString(log));
    }
    return started;
  }

  /** Ends the process where it stands. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** After {@link #kill}. */
  public void startAgain() throws IOException {
    process = start();
  }

  @Override
  public void close() {
    kill();
  }

  /** Serves until it is killed, or who started it is gone. */
  public static void main(String[] arguments) throws IOException {
    try (LocalObjectStore store =
            LocalObjectStore.open(
                new HostStorageDirectory(Path.of(arguments[0])),
                StoreConfig.DEFAULT.withSegmentBytes(SEGMENT_BYTES));
        IpcServer server =
            IpcServer.start(
                Path.of(arguments[1]),
                store,
                (token, peer) -> new ServedStore.Everything(store),
                channel -> new Peer(0, 0, 0),
                IpcLimits.DEFAULT)) {
      System.out.print(server.stats());
      System.out.flush();
      while (System.in.read() >= 0) {
        System.out.flush();
      }
    }
  }
}
