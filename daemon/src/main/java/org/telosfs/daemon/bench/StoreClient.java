package org.telosfs.daemon.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.ipc.RemoteObjectStore;

/** One connection, used by one thread. */
final class StoreClient implements AutoCloseable {
  private final RemoteObjectStore store;
  private final int number;
  private final SplittableRandom random;
  private StoreSnapshot snapshot;

  StoreClient(RemoteObjectStore store, int number) throws IOException {
    this.store = store;
    this.number = number;
    this.random = new SplittableRandom(number);
    this.snapshot = store.snapshot();
  }

  RemoteObjectStore store() {
    return store;
  }

  SharedRun.Call reads(ObjectId[] ids, int batch) {
    return () -> {
      List<ObjectId> asked = new ArrayList<>(batch);
      for (int at = 0; at < batch; at++) {
        asked.add(ids[random.nextInt(ids.length)]);
      }
      for (Map.Entry<ObjectId, Revision> found : snapshot.get(asked).entrySet()) {
        if (found.getValue().state().size() == 0) {
          throw new IOException(found.getKey() + " is empty");
        }
      }
    };
  }

  /** Of its own objects: consecutive ones from a random place, no object twice. */
  SharedRun.Call commits(ObjectId[] ids, int clients, int batch, int bytes) {
    int share = ids.length / clients;
    int first = number * share;
    return () -> {
      int place = random.nextInt(share);
      List<ObjectPut> puts = new ArrayList<>(batch);
      for (int at = 0; at < Math.min(batch, share); at++) {
        puts.add(new ObjectPut(ids[first + (place + at) % share], state(bytes), List.of()));
      }
      commit(puts);
    };
  }

  void commit(List<ObjectPut> puts) throws IOException {
    try (StoreTransaction transaction = store.begin()) {
      transaction.put(puts);
      transaction.commit(TransactionMetadata.NONE).orThrow();
    }
  }

  ByteString state(int bytes) {
    byte[] state = new byte[bytes];
    random.nextBytes(state);
    return ByteString.copyOf(state);
  }

  @Override
  public void close() {
    snapshot.close();
    store.close();
  }
}
