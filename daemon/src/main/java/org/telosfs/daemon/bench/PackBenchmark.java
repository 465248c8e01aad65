package org.telosfs.daemon.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.ipc.RemoteObjectStore;

/**
 * Clients that commit while a pack runs beside them. Of the log one part in five is live: objects
 * were changed at random, so that dead states lie everywhere, and more of them in older segments.
 */
public final class PackBenchmark {
  private static final int PARTS = 5;
  private static final int STATE_BYTES = 16 * 1024;
  private static final int STATES_AT_ONCE = 256;
  private static final int REFERENCES_EACH = 1000;
  private static final int CLIENTS = 8;
  private static final int COMMIT_BYTES = 1024;
  private static final int COMMITTED_OBJECTS = 8 * 1024;

  private final BenchedServer server;
  private final StoreBenchmarkPlan plan;
  private final long logBytes;
  private final Consumer<StoreMeasured> progress;
  private final SplittableRandom random = new SplittableRandom(1);

  /**
   * @param logBytes how much is written before the pack
   * @param progress is told each result as soon as it is there
   */
  public PackBenchmark(
      BenchedServer server,
      StoreBenchmarkPlan plan,
      long logBytes,
      Consumer<StoreMeasured> progress) {
    this.server = server;
    this.plan = plan;
    this.logBytes = logBytes;
    this.progress = progress;
  }

  /** Fills the store, and measures. */
  public PackMeasured run() throws IOException {
    ObjectId[] committed = fill();
    List<StoreClient> clients = new ArrayList<>();
    try {
      for (int number = 0; number < CLIENTS; number++) {
        clients.add(new StoreClient(server.connect(), number));
      }
      StoreMeasured before = measure("before pack", new SharedRun(plan, 0), clients, committed);
      long bytesBefore = server.bytes();
      Pack pack = new Pack();
      pack.start();
      StoreMeasured beside =
          measure("during pack", new SharedRun(pack.running::get), clients, committed);
      pack.finish();
      long bytesAfter = server.bytes();
      StoreMeasured after = measure("after pack", new SharedRun(plan, 0), clients, committed);
      return new PackMeasured(
          before, beside, after, pack.seconds, bytesBefore, pack.bytesMost.get(), bytesAfter);
    } finally {
      for (StoreClient client : clients) {
        client.close();
      }
    }
  }

  private StoreMeasured measure(
      String work, SharedRun run, List<StoreClient> clients, ObjectId[] committed)
      throws IOException {
    for (StoreClient client : clients) {
      run.client(client.commits(committed, CLIENTS, 1, COMMIT_BYTES));
    }
    StoreMeasured measured = run.result(work, CLIENTS, 1, COMMIT_BYTES);
    progress.accept(measured);
    return measured;
  }

  /** Writes the log; returns the objects that clients are to change. */
  private ObjectId[] fill() throws IOException {
    long states = Math.max(PARTS, logBytes / STATE_BYTES);
    int live = Math.toIntExact(states / PARTS);
    try (RemoteObjectStore store = server.connect();
        StoreClient writer = new StoreClient(store, CLIENTS)) {
      List<ObjectId> ids = newIds(store, live);
      List<ObjectId> committed = newIds(store, COMMITTED_OBJECTS);
      for (int first = 0; first < live; first += STATES_AT_ONCE) {
        put(writer, ids.subList(first, Math.min(first + STATES_AT_ONCE, live)), STATE_BYTES);
      }
      put(writer, committed, COMMIT_BYTES);
      List<ObjectId> all = new ArrayList<>(ids);
      all.addAll(committed);
      refer(store, all);
      for (long left = states - live; left > 0; left -= STATES_AT_ONCE) {
        Set<ObjectId> changed = new LinkedHashSet<>();
        for (long count = Math.min(left, STATES_AT_ONCE); count > 0; count--) {
          changed.add(ids.get(random.nextInt(live)));
        }
        put(writer, changed, STATE_BYTES);
      }
      return committed.toArray(new ObjectId[0]);
    }
  }

  private static List<ObjectId> newIds(RemoteObjectStore store, int count) throws IOException {
    List<ObjectId> ids = new ArrayList<>(count);
    while (ids.size() < count) {
      ids.addAll(store.newIds(Math.min(REFERENCES_EACH, count - ids.size())));
    }
    return ids;
  }

  private static void put(StoreClient writer, Iterable<ObjectId> ids, int bytes)
      throws IOException {
    List<ObjectPut> puts = new ArrayList<>();
    for (ObjectId id : ids) {
      puts.add(new ObjectPut(id, writer.state(bytes), List.of()));
    }
    writer.commit(puts);
  }

  /** What nothing refers to would be gone. */
  private static void refer(RemoteObjectStore store, List<ObjectId> ids) throws IOException {
    List<ObjectPut> lists = new ArrayList<>();
    List<ObjectId> lead = new ArrayList<>();
    for (int first = 0; first < ids.size(); first += REFERENCES_EACH) {
      ObjectId list = store.newIds(1).get(0);
      lists.add(
          new ObjectPut(
              list,
              ByteString.EMPTY,
              ids.subList(first, Math.min(first + REFERENCES_EACH, ids.size()))));
      lead.add(list);
    }
    ObjectId top = store.newIds(1).get(0);
    lists.add(new ObjectPut(top, ByteString.EMPTY, lead));
    try (StoreTransaction transaction = store.begin()) {
      transaction.put(lists);
      transaction.setRoot("benchmark", top);
      transaction.commit(TransactionMetadata.NONE).orThrow();
    }
  }

  /** The pack, and how much the store takes meanwhile. */
  private final class Pack {
    private static final double NANOS_PER_SECOND = 1e9;

    private final AtomicBoolean running = new AtomicBoolean(true);
    private final AtomicLong bytesMost = new AtomicLong();
    private final Thread packing = new Thread(this::pack, "telosfs-bench-pack");
    private final Thread watching = new Thread(this::watch, "telosfs-bench-disk");
    private volatile @Nullable Throwable failure;
    private double seconds;

    void start() {
      packing.start();
      watching.start();
    }

    private void pack() {
      long begin = System.nanoTime();
      try {
        server.pack();
      } catch (IOException | RuntimeException failed) {
        failure = failed;
      } finally {
        seconds = (System.nanoTime() - begin) / NANOS_PER_SECOND;
        running.set(false);
      }
    }

    private void watch() {
      try {
        while (running.get()) {
          bytesMost.accumulateAndGet(server.bytes(), Math::max);
          Thread.sleep(10);
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      } catch (IOException | RuntimeException failed) {
        failure = failed;
      }
    }

    void finish() throws IOException {
      try {
        packing.join();
        watching.join();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", stopped);
      }
      Throwable failed = failure;
      if (failed != null) {
        throw new IOException("the pack failed: " + failed.getMessage(), failed);
      }
    }
  }
}
