package org.telosfs.daemon;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.telosfs.daemon.control.ControlAddress;
import org.telosfs.daemon.control.ControlServer;
import org.telosfs.daemon.demo.Gardener;
import org.telosfs.daemon.ipc.StoreServer;
import org.telosfs.daemon.log.DaemonLoggers;
import org.telosfs.daemon.log.LogFile;
import org.telosfs.fuse.FuseTransport;

/**
 * A store, or a tree in memory, mounted and controllable. Makes and owns every long-lived part, in
 * this order: lock, log, control socket, trees, mounts; they end in the reverse order.
 */
public final class Daemon implements Closeable {
  private static final System.Logger LOG = System.getLogger(Daemon.class.getName());

  private static final Duration DEMO_PAUSE = Duration.ofSeconds(1);

  private final DaemonConfig config;
  private final Parts parts;
  private final Served served;
  private final MountSet mounts;
  private final @Nullable StoreServer objects;
  private final Instant started = Instant.now();
  private final CompletableFuture<Boolean> flushed;

  private Daemon(
      DaemonConfig config,
      Parts parts,
      Served served,
      MountSet mounts,
      @Nullable StoreServer objects,
      CompletableFuture<Boolean> flushed) {
    this.config = config;
    this.parts = parts;
    this.served = served;
    this.mounts = mounts;
    this.objects = objects;
    this.flushed = flushed;
  }

  /**
   * Returns when everything is mounted. If it fails nothing is, and the store is as it was.
   *
   * @throws Refusal LOCKED, NOT_FOUND; and what the parts say
   */
  public static Daemon start(DaemonConfig config) throws IOException {
    Parts parts = new Parts();
    try {
      return start(config, parts);
    } catch (IOException | RuntimeException failed) {
      parts.closeAfter(failed);
      throw failed;
    }
  }

  private static Daemon start(DaemonConfig config, Parts parts) throws IOException {
    RunDirectory run = RunDirectory.ofThisUser();
    long pid = ProcessHandle.current().pid();
    StoreLayout store = config.store();
    if (store != null) {
      store.requireStore();
      parts.add(StoreLock.acquire(store));
    }
    FuseTransport transport = config.mounts() ? config.transport().open() : null;
    Map<String, Path> points = transport == null ? Map.of() : prepareMountPoints(config, transport);

    Path logPath = store == null ? run.directory().resolve(pid + ".log") : store.log();
    if (store == null) {
      parts.add(() -> Files.deleteIfExists(logPath));
    }
    LogFile log = parts.add(new LogFile(logPath));
    DaemonLoggers.sendTo(log);
    Path control = store == null ? run.directory().resolve(pid + ".control") : store.control();
    ControlServer server =
        parts.add(ControlServer.bind(ControlAddress.choose(control, run.directory())));

    CompletableFuture<Boolean> flushed = new CompletableFuture<>();
    Served served = open(config, points);
    parts.add(() -> flush(served, flushed));
    StoreServer objects = serveObjects(config, served, run);
    if (objects != null) {
      parts.add(objects);
    }
    MountSet mounts =
        parts.add(
            transport == null
                ? MountSet.none()
                : MountSet.mount(transport, served.trees(), config.options()));
    if (config.demo() && served.objects().isPresent()) {
      parts.add(Gardener.start(served.objects().get(), DEMO_PAUSE));
    }
    Daemon daemon = new Daemon(config, parts, served, mounts, objects, flushed);
    server.start(new DaemonCommands(daemon).handlers());
    run.add(new RunRecord(pid, control, mounts.mountPoints()));
    parts.add(() -> run.remove(pid));
    LOG.log(System.Logger.Level.INFO, "process {0} serves {1}", Long.toString(pid), points);
    return daemon;
  }

  private static Served open(DaemonConfig config, Map<String, Path> points) throws IOException {
    StoreLayout store = config.store();
    if (store != null && !config.mounts()) {
      return new ServedObjects(store);
    }
    return store == null
        ? new MemoryTree(points.values().iterator().next(), config.accessTimes())
        : StoreTrees.open(store, points, config.accessTimes());
  }

  /** Null if there are none. */
  private static @Nullable StoreServer serveObjects(
      DaemonConfig config, Served served, RunDirectory run) throws IOException {
    StoreLayout store = config.store();
    return store == null || served.objects().isEmpty()
        ? null
        : StoreServer.start(store, served.objects().get(), config.socket(), run.directory());
  }

  /** Checked before anything is opened, so that a bad mount point leaves the store untouched. */
  private static Map<String, Path> prepareMountPoints(DaemonConfig config, FuseTransport transport)
      throws IOException {
    Map<String, Path> prepared = new LinkedHashMap<>();
    for (Map.Entry<String, Path> point : config.mountPoints().entrySet()) {
      StoreLayout store = config.store();
      if (store != null && store.ownsMountPoint(point.getValue())) {
        createOwn(point.getValue());
      }
      prepared.put(point.getKey(), transport.prepare(point.getValue()));
    }
    if (List.copyOf(prepared.values()).stream().distinct().count() < prepared.size()) {
      throw new Refusal(
          ExitCode.MOUNT_POINT,
          "both trees are to be mounted on "
              + prepared.values().iterator().next()
              + "; choose two directories");
    }
    return prepared;
  }

  private static void createOwn(Path mountPoint) throws IOException {
    try {
      Files.createDirectory(mountPoint);
    } catch (FileAlreadyExistsException fine) {
      LOG.log(System.Logger.Level.DEBUG, "{0} exists", mountPoint);
    }
  }

  private static void flush(Served served, CompletableFuture<Boolean> flushed) throws IOException {
    try {
      served.close();
      flushed.complete(true);
    } catch (IOException | RuntimeException failed) {
      flushed.completeExceptionally(failed);
      throw failed;
    }
  }

  public DaemonConfig config() {
    return config;
  }

  /** When it had started. */
  Instant started() {
    return started;
  }

  Served served() {
    return served;
  }

  /** The objects' socket; empty if there are none. */
  Optional<StoreServer> objects() {
    return Optional.ofNullable(objects);
  }

  MountSet mounts() {
    return mounts;
  }

  /** Where the trees are mounted, by tree name. */
  public Map<String, Path> mountPoints() {
    Map<String, Path> points = new LinkedHashMap<>();
    mounts.byName().forEach((name, mount) -> points.put(name, mount.where()));
    return points;
  }

  /** Completes when all is flushed after the last mount was over, or with what went wrong. */
  CompletableFuture<Boolean> flushed() {
    return flushed;
  }

  /** Waits until the last mount is over, whoever ends it; then {@link #close}. */
  public void await() throws InterruptedException {
    mounts.awaitAll();
  }

  /** Unmounts, flushes and ends; a busy mount is a refusal, but only {@link #await} avoids it. */
  @Override
  public void close() throws IOException {
    try {
      parts.close();
    } catch (IOException | RuntimeException failed) {
      LOG.log(System.Logger.Level.ERROR, "the end failed", failed);
      throw failed;
    }
  }
}
