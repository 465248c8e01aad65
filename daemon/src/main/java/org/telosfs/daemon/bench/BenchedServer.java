package org.telosfs.daemon.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.daemon.StoreCreation;
import org.telosfs.daemon.StoreLayout;
import org.telosfs.daemon.control.ControlClient;
import org.telosfs.persistence.ipc.RemoteObjectStore;

/** A new store, served by a process of its own until it is closed; then nothing is left of it. */
public final class BenchedServer implements Closeable {
  private static final long VOLUME_BYTES = 64L << 20; // of the tree that is not used
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final StoreLayout store;
  private final byte[] token;

  private BenchedServer(StoreLayout store, byte[] token) {
    this.store = store;
    this.token = token;
  }

  /**
   * Makes the store and waits until it is served.
   *
   * @param launcher the script that starts TelosFS
   * @param directory where the store is made
   */
  public static BenchedServer start(Path launcher, Path directory) throws IOException {
    StoreLayout store = new StoreLayout(Files.createTempDirectory(directory, "telosfs-bench-"));
    try {
      StoreCreation.create(store, VOLUME_BYTES);
      serve(launcher, store);
      return new BenchedServer(store, grant(store));
    } catch (IOException | RuntimeException failed) {
      end(store);
      throw failed;
    }
  }

  private static void serve(Path launcher, StoreLayout store) throws IOException {
    Process serving =
        new ProcessBuilder(
                List.of(launcher.toString(), "serve", store.directory().toString(), "--background"))
            .redirectErrorStream(true)
            .start();
    String said = new String(serving.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (serving.waitFor() != 0) {
        throw new Refusal(ExitCode.INTERNAL, "the server did not start: " + said.strip());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stopped);
    }
  }

  private static byte[] grant(StoreLayout store) throws IOException {
    ObjectNode request = ControlClient.request("cap-grant").put("label", "benchmark");
    request.putObject("restrictions").putArray("rights").add("read").add("write");
    return call(store, request).path("token").asText().getBytes(StandardCharsets.US_ASCII);
  }

  private static JsonNode call(StoreLayout store, ObjectNode request) throws IOException {
    ControlClient connected =
        ControlClient.connect(store.control())
            .orElseThrow(() -> new IOException("the server of " + store.directory() + " is gone"));
    try (ControlClient client = connected) {
      return client.call(request);
    }
  }

  public RemoteObjectStore connect() throws IOException {
    return RemoteObjectStore.connect(store.ipcSocket(), token, PATIENCE);
  }

  /** Packs all that is no longer the newest, and returns when that is done. */
  void pack() throws IOException {
    call(store, ControlClient.request("image-pack").put("keepSeconds", 0).put("apply", true));
  }

  /** What the store's objects take on disk. */
  long bytes() throws IOException {
    AtomicLong bytes = new AtomicLong();
    Files.walkFileTree(
        store.objects(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes.addAndGet(attributes.size());
            return FileVisitResult.CONTINUE;
          }

          /** A pack may remove a file at any time. */
          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
            if (failed instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failed;
          }
        });
    return bytes.get();
  }

  @Override
  public void close() throws IOException {
    end(store);
  }

  private static void end(StoreLayout store) throws IOException {
    if (ControlClient.connect(store.control()).isPresent()) {
      JsonNode ended = call(store, ControlClient.request("umount"));
      ProcessHandle.of(ended.path("pid").asLong()).ifPresent(process -> process.onExit().join());
    }
    try (Stream<Path> files = Files.walk(store.directory())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
