package org.telosfs.daemon.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.ipc.RemoteObjectStore;

/**
 * An object store through its socket, as client programs meet it: each client has a connection and
 * a thread. States are random bytes; clients that write change objects of their own, so that nobody
 * meets a conflict. Every commit is durable.
 */
public final class StoreBenchmark {
  /** As large as the log's records of a small commit are. */
  private static final int SYNCED_BYTES = 256;

  /** As far ahead as the log goes. */
  private static final int SYNCED_AHEAD_BYTES = 256 * 1024;

  private static final int BATCH = 256;
  private static final int FEW = 1;
  private static final int MANY = 8;
  private static final int COMMITTERS = 16;
  private static final int[] WORK_BYTES = {100, 1024};
  private static final long LOADED_BYTES_AT_ONCE = 4L << 20;

  /** Opens a connection that keeps no states itself. */
  @FunctionalInterface
  public interface Connector {
    RemoteObjectStore connect() throws IOException;
  }

  private final Connector connector;
  private final Path directory;
  private final StoreBenchmarkPlan plan;
  private final Consumer<StoreMeasured> progress;
  private final List<StoreMeasured> results = new ArrayList<>();
  private final Map<Integer, ObjectId[]> objects = new HashMap<>();

  /**
   * @param directory on the device that holds the store
   * @param progress is told each result as soon as it is there
   */
  public StoreBenchmark(
      Connector connector,
      Path directory,
      StoreBenchmarkPlan plan,
      Consumer<StoreMeasured> progress) {
    this.connector = connector;
    this.directory = directory;
    this.plan = plan;
    this.progress = progress;
  }

  public List<StoreMeasured> run() throws IOException {
    measure("round trip", FEW, 0, 0, client -> client.store()::ping);
    for (int bytes : WORK_BYTES) {
      get(FEW, BATCH, bytes);
      get(MANY, BATCH, bytes);
    }
    for (int bytes : WORK_BYTES) {
      commit(FEW, BATCH, bytes);
      commit(MANY, BATCH, bytes);
    }
    fdatasync("fdatasync", 0);
    fdatasync("fdatasync over zeros", SYNCED_AHEAD_BYTES);
    commit(FEW, 1, WORK_BYTES[0]);
    commit(COMMITTERS, 1, WORK_BYTES[0]);
    for (int bytes : plan.sizes()) {
      for (int batch : plan.batches()) {
        if ((long) batch * bytes <= StoreBenchmarkPlan.MOST_BYTES_A_CALL) {
          get(FEW, batch, bytes);
          commit(FEW, batch, bytes);
        }
      }
    }
    return List.copyOf(results);
  }

  private void get(int clients, int batch, int bytes) throws IOException {
    ObjectId[] ids = objects(bytes);
    measure("get", clients, batch, bytes, client -> client.reads(ids, batch));
  }

  private void commit(int clients, int batch, int bytes) throws IOException {
    ObjectId[] ids = objects(bytes);
    measure("commit", clients, batch, bytes, client -> client.commits(ids, clients, batch, bytes));
  }

  /**
   * What the device does at best for one who waits for each write.
   *
   * @param aheadBytes what the file has already, to be written over again and again; 0 for a file
   *     that grows
   */
  private void fdatasync(String work, int aheadBytes) throws IOException {
    Path file = Files.createTempFile(directory, "synced", "");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(aheadBytes));
      channel.force(true);
      channel.position(0);
      ByteBuffer bytes = ByteBuffer.allocateDirect(SYNCED_BYTES);
      SharedRun run = new SharedRun(plan, SYNCED_BYTES);
      run.client(
          () -> {
            if (channel.position() == aheadBytes) {
              channel.position(0);
            }
            channel.write(bytes.clear());
            channel.force(false);
          });
      done(run.result(work, FEW, 0, SYNCED_BYTES));
    } finally {
      Files.delete(file);
    }
  }

  /** What a client does again and again. */
  @FunctionalInterface
  private interface Work {
    SharedRun.Call of(StoreClient client) throws IOException;
  }

  private void measure(String work, int clients, int batch, int bytes, Work calls)
      throws IOException {
    List<StoreClient> connected = new ArrayList<>();
    try {
      SharedRun run =
          new SharedRun(plan, work.equals("commit") ? Math.max(1L, (long) batch * bytes) : 0);
      for (int number = 0; number < clients; number++) {
        StoreClient client = new StoreClient(connector.connect(), number);
        connected.add(client);
        run.client(calls.of(client));
      }
      done(run.result(work, clients, batch, bytes));
    } finally {
      for (StoreClient client : connected) {
        client.close();
      }
    }
  }

  private void done(StoreMeasured measured) {
    results.add(measured);
    progress.accept(measured);
  }

  /** As many of this size as the plan says, made when first needed. */
  private ObjectId[] objects(int bytes) throws IOException {
    ObjectId[] made = objects.get(bytes);
    if (made == null) {
      try (RemoteObjectStore store = connector.connect()) {
        made = store.newIds(StoreBenchmarkPlan.objects(bytes)).toArray(new ObjectId[0]);
        StoreClient client = new StoreClient(store, 0);
        int atOnce = (int) Math.max(1, Math.min(made.length, LOADED_BYTES_AT_ONCE / bytes));
        for (int first = 0; first < made.length; first += atOnce) {
          List<ObjectPut> puts = new ArrayList<>();
          for (int at = first; at < Math.min(first + atOnce, made.length); at++) {
            puts.add(new ObjectPut(made[at], client.state(bytes), List.of()));
          }
          client.commit(puts);
        }
      }
      objects.put(bytes, made);
    }
    return made;
  }
}
