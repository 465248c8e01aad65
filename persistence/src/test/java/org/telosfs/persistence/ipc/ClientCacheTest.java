package org.telosfs.persistence.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.CommitListener;
import org.telosfs.persistence.CommitOutcome;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;

/** What clients keep is right in each state, and what they are told of commits has no gaps. */
class ClientCacheTest {
  private static final int OBJECTS = 40;
  private static final int STEPS = 600;

  private static ObjectPut put(ObjectId id, int number, List<ObjectId> references) {
    byte[] state = ByteBuffer.allocate(100).putInt(number).array();
    return new ObjectPut(id, ByteString.copyOf(state), references);
  }

  private static TransactionId commit(ObjectStore store, ObjectPut... puts) throws IOException {
    try (StoreTransaction transaction = store.begin()) {
      transaction.put(List.of(puts));
      return transaction.commit(TransactionMetadata.NONE).orThrow();
    }
  }

  /** States by transaction, as a program would have them that saw every commit. */
  private static final class Model {
    private final TreeMap<TransactionId, Map<ObjectId, ByteString>> states = new TreeMap<>();

    Model() {
      states.put(TransactionId.NONE, Map.of());
    }

    void commit(TransactionId id, Map<ObjectId, ByteString> puts, List<ObjectId> deletes) {
      Map<ObjectId, ByteString> state = new HashMap<>(states.lastEntry().getValue());
      state.putAll(puts);
      deletes.forEach(state::remove);
      states.put(id, state);
    }

    Map<ObjectId, ByteString> at(TransactionId id, List<ObjectId> ids) {
      Map<ObjectId, ByteString> found = new HashMap<>(states.floorEntry(id).getValue());
      found.keySet().retainAll(ids);
      return found;
    }

    TransactionId some(Random random) {
      List<TransactionId> all = List.copyOf(states.keySet());
      return all.get(random.nextInt(all.size()));
    }
  }

  private static Map<ObjectId, ByteString> states(Map<ObjectId, Revision> revisions) {
    Map<ObjectId, ByteString> states = new HashMap<>();
    revisions.forEach((id, revision) -> states.put(id, revision.state()));
    return states;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 0xC0FFEE})
  void clientsThatKeepWhatTheyReadSeeWhatTheModelSays(long seed) throws IOException {
    Random random = new Random(seed);
    Model model = new Model();
    try (ServedStore served = ServedStore.inMemory(IpcLimits.DEFAULT);
        RemoteObjectStore small = served.connectCaching(3000);
        RemoteObjectStore large = served.connectCaching(1 << 20);
        RemoteObjectStore other = served.connectCaching(1 << 20)) {
      List<RemoteObjectStore> clients = List.of(small, large, other);
      List<ObjectId> ids = small.newIds(OBJECTS);
      ObjectPut[] first = ids.stream().map(id -> put(id, 0, List.of())).toArray(ObjectPut[]::new);
      Map<ObjectId, ByteString> created = new HashMap<>();
      for (ObjectPut each : first) {
        created.put(each.id(), each.state());
      }
      model.commit(commit(small, first), created, List.of());
      List<StoreSnapshot> open = new ArrayList<>();
      for (int step = 0; step < STEPS; step++) {
        String where = "seed " + seed + ", step " + step;
        RemoteObjectStore client = clients.get(random.nextInt(clients.size()));
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> change(client, model, some(ids, random), random, where);
          case 3 -> open.add(client.snapshot());
          case 4 -> open.add(client.at(model.some(random)));
          case 5 -> {
            if (open.size() > 10) {
              open.remove(random.nextInt(open.size())).close();
            }
          }
          case 6 -> {
            if (random.nextInt(20) == 0) {
              served.restart();
            }
          }
          case 7 -> {
            try (StoreSnapshot snapshot = client.snapshot()) {
              assertEquals(model.states.lastKey(), snapshot.transaction(), where);
              snapshot.prefetch(some(ids, random), random.nextInt(3), random.nextInt(2000));
              check(snapshot, model, ids, where);
            }
          }
          default -> {
            if (!open.isEmpty()) {
              check(open.get(random.nextInt(open.size())), model, some(ids, random), where);
            }
          }
        }
      }
      open.forEach(StoreSnapshot::close);
    }
  }

  private static List<ObjectId> some(List<ObjectId> ids, Random random) {
    int first = random.nextInt(ids.size());
    return ids.subList(first, first + random.nextInt(ids.size() - first + 1));
  }

  private static void check(StoreSnapshot snapshot, Model model, List<ObjectId> ids, String where)
      throws IOException {
    assertEquals(model.at(snapshot.transaction(), ids), states(snapshot.get(ids)), () -> where);
  }

  private static void change(
      RemoteObjectStore client, Model model, List<ObjectId> ids, Random random, String where)
      throws IOException {
    if (ids.isEmpty()) {
      return;
    }
    ObjectId changed = ids.get(0);
    ObjectId deleted = ids.get(ids.size() - 1);
    // A connection that was lost is met by the transaction's first question, which is asked again.
    client.ping();
    try (StoreTransaction transaction = client.begin()) {
      assertEquals(
          model.at(transaction.base(), ids), states(transaction.get(ids)), () -> where + ", base");
      ObjectPut put = put(changed, random.nextInt(), ids);
      transaction.put(put);
      List<ObjectId> deletes = changed.equals(deleted) ? List.of() : List.of(deleted);
      transaction.delete(deletes);
      Map<ObjectId, ByteString> own = model.at(transaction.base(), ids);
      own.put(changed, put.state());
      deletes.forEach(own::remove);
      assertEquals(own, states(transaction.get(ids)), () -> where + ", own changes");
      if (transaction.commit(TransactionMetadata.NONE) instanceof CommitOutcome.Committed done) {
        model.commit(done.id(), Map.of(changed, put.state()), deletes);
      }
    }
  }

  @Test
  void whatIsKeptIsBoundedAndNotAskedForAgain() throws IOException {
    try (ServedStore served = ServedStore.inMemory(IpcLimits.DEFAULT);
        RemoteObjectStore client = served.connectCaching(100_000)) {
      List<ObjectId> ids = client.newIds(2);
      commit(client, put(ids.get(0), 1, List.of(ids.get(1))), put(ids.get(1), 2, List.of()));
      ClientCache cache = client.cache(client.connection());
      try (StoreSnapshot snapshot = client.snapshot()) {
        snapshot.prefetch(List.of(ids.get(0)), 1, 10_000);
        client.ping(); // answered after the hint
        assertTrue(cache.sizeBytes() > 200, "both objects are here");
        assertEquals(2, snapshot.get(ids).size());
      }
      ClientCache tiny = new ClientCache(1000);
      tiny.startAt(TransactionId.NONE);
      for (int number = 2; number < 100; number++) {
        tiny.put(
            Revision.of(put(new ObjectId(number), number, List.of()), new TransactionId(1)),
            new TransactionId(1));
      }
      assertTrue(tiny.sizeBytes() <= 1000);
    }
  }

  @Test
  void aListenerIsToldWhatWasCommittedWhileThereWasNoServer() throws Exception {
    try (ServedStore served = ServedStore.inMemory(IpcLimits.DEFAULT);
        RemoteObjectStore client = served.connect()) {
      ObjectId id = client.newIds(1).get(0);
      LinkedBlockingQueue<TransactionId> told = new LinkedBlockingQueue<>();
      client.subscribe(transaction -> told.add(transaction.id()));
      TransactionId first = commit(client, put(id, 1, List.of()));
      assertEquals(first, told.poll(20, TimeUnit.SECONDS));
      List<TransactionId> meanwhile = new ArrayList<>();
      served.restart(
          store -> {
            for (int number = 0; number < 5; number++) {
              meanwhile.add(commit(store, put(id, number, List.of())));
            }
          });
      for (TransactionId missed : meanwhile) {
        assertEquals(missed, told.poll(20, TimeUnit.SECONDS));
      }
      TransactionId last = commit(client, put(id, 9, List.of()));
      assertEquals(last, told.poll(20, TimeUnit.SECONDS));
      assertNull(told.poll());
    }
  }

  @Test
  void aListenerIsToldThatItMissedMoreThanCanBeTold() throws Exception {
    try (ServedStore served = ServedStore.inMemory(IpcLimits.DEFAULT);
        RemoteObjectStore client = served.connectCaching(100_000)) {
      ObjectId id = client.newIds(1).get(0);
      LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
      client.subscribe(
          new CommitListener() {
            @Override
            public void committed(CommittedTransaction transaction) {
              told.add("commit " + transaction.id());
            }

            @Override
            public void missed() {
              told.add("missed");
            }
          });
      TransactionId first = commit(client, put(id, 1, List.of()));
      assertEquals("commit " + first, told.poll(20, TimeUnit.SECONDS));
      served.restart(
          store -> {
            for (int number = 0; number < 1100; number++) {
              commit(store, put(id, number, List.of()));
            }
          });
      assertEquals("missed", told.poll(20, TimeUnit.SECONDS));
      try (StoreSnapshot snapshot = client.snapshot()) {
        assertEquals(put(id, 1099, List.of()).state(), snapshot.get(id).orElseThrow().state());
      }
    }
  }
}
