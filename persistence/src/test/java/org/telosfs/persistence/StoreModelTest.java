package org.telosfs.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.persistence.storage.MemoryStorageDirectory;

/**
 * Random transactions on the store and on maps that remember every state, with a reopening now and
 * then.
 */
class StoreModelTest {

  private static final int STEPS = Boolean.getBoolean("telosfs.long") ? 20_000 : 600;
  private static final int REOPEN_EVERY = 37;
  private static final StoreConfig CONFIG = StoreConfig.DEFAULT.withSegmentBytes(8192);

  /** One state, in full. */
  private record State(TreeMap<ObjectId, ObjectPut> objects, TreeMap<String, ObjectId> roots) {
    State copy() {
      return new State(new TreeMap<>(objects), new TreeMap<>(roots));
    }
  }

  private final TreeMap<TransactionId, State> past = new TreeMap<>();
  private final Map<ObjectId, List<TransactionId>> histories = new HashMap<>();
  private final List<ObjectId> ids = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 0xC0FFEE})
  void agreesWithTheMaps(long seed) throws IOException {
    Random random = new Random(seed);
    MemoryStorageDirectory directory = new MemoryStorageDirectory();
    LocalObjectStore.create(directory);
    past.put(TransactionId.NONE, new State(new TreeMap<>(), new TreeMap<>()));
    LocalObjectStore store = LocalObjectStore.open(directory, CONFIG);
    for (int step = 0; step < STEPS; step++) {
      String where = "seed " + seed + ", step " + step;
      change(store, random, where);
      if (random.nextInt(12) == 0) {
        undo(store, 1 + random.nextInt(3), where);
      }
      compare(store, random, where);
      if (step % REOPEN_EVERY == 0) {
        store.close();
        if (random.nextInt(3) == 0) {
          directory.delete("index");
        }
        store = LocalObjectStore.open(directory, CONFIG);
      }
    }
    assertEquals(past.size() - 1, store.stats().transactions());
    store.close();
    assertEquals(List.of(), StoreCheck.run(directory).damages());
  }

  private void change(LocalObjectStore store, Random random, String where) throws IOException {
    State state = past.lastEntry().getValue().copy();
    List<ObjectId> changed = new ArrayList<>();
    try (StoreTransaction transaction = store.begin()) {
      for (int times = random.nextInt(5); times >= 0; times--) {
        ObjectId id = anyId(store, random);
        if (random.nextInt(4) == 0) {
          transaction.delete(id);
          state.objects().remove(id);
        } else {
          ObjectPut put = randomPut(id, random);
          transaction.put(put);
          state.objects().put(id, put);
        }
        changed.add(id);
      }
      if (random.nextInt(5) == 0) {
        String name = "root " + random.nextInt(6);
        ObjectId target = anyId(store, random);
        transaction.setRoot(name, target);
        state.roots().put(name, target);
      }
      if (random.nextInt(4) == 0) {
        changeAndTakeBack(transaction, store, random);
      }
      if (random.nextInt(8) == 0) {
        return;
      }
      TransactionId id = transaction.commit(TransactionMetadata.of("model", where)).orThrow();
      if (!id.equals(TransactionId.NONE)) {
        past.put(id, state);
        changed.stream().distinct().forEach(object -> noteHistory(object, id, state));
      }
    }
  }

  private void changeAndTakeBack(
      StoreTransaction transaction, LocalObjectStore store, Random random) throws IOException {
    Savepoint savepoint = transaction.savepoint();
    for (int times = random.nextInt(4); times >= 0; times--) {
      ObjectId id = anyId(store, random);
      if (random.nextBoolean()) {
        transaction.delete(id);
        transaction.removeRoot("root " + random.nextInt(6));
      } else {
        transaction.put(randomPut(id, random));
        transaction.setRoot("root " + random.nextInt(6), id);
      }
    }
    savepoint.rollback();
  }

  /** The newest transactions together can always be undone, and leave what was before them. */
  private void undo(LocalObjectStore store, int count, String where) throws IOException {
    List<TransactionId> newest =
        past.descendingKeySet().stream()
            .filter(id -> !id.equals(TransactionId.NONE))
            .limit(count)
            .toList();
    if (newest.isEmpty()) {
      return;
    }
    State before = past.lowerEntry(newest.get(newest.size() - 1)).getValue().copy();
    TransactionId id = store.undo(newest, TransactionMetadata.of("model", where)).orThrow();
    if (!id.equals(TransactionId.NONE)) {
      past.put(id, before);
      for (Map.Entry<ObjectId, List<TransactionId>> history : List.copyOf(histories.entrySet())) {
        if (history.getValue().stream().anyMatch(newest::contains)) {
          noteHistory(history.getKey(), id, before);
        }
      }
    }
  }

  private void noteHistory(ObjectId object, TransactionId id, State state) {
    boolean existed = past.lowerEntry(id).getValue().objects().containsKey(object);
    if (existed || state.objects().containsKey(object)) {
      histories.computeIfAbsent(object, key -> new ArrayList<>()).add(0, id);
    }
  }

  private void compare(LocalObjectStore store, Random random, String where) throws IOException {
    compare(store, past.lastKey(), where);
    List<TransactionId> known = new ArrayList<>(past.keySet());
    compare(store, known.get(random.nextInt(known.size())), where);
    ObjectId object = anyId(store, random);
    assertEquals(histories.getOrDefault(object, List.of()), store.history(object), where);
  }

  private void compare(LocalObjectStore store, TransactionId at, String where) throws IOException {
    State expected = past.get(at);
    try (StoreSnapshot snapshot = store.at(at)) {
      assertEquals(expected.roots(), snapshot.roots(), where);
      ObjectId first = new ObjectId(ObjectId.ROOTS.value() + 1);
      List<ObjectId> found = snapshot.ids(first, Integer.MAX_VALUE);
      assertEquals(List.copyOf(expected.objects().keySet()), found, where);
      snapshot
          .get(found)
          .forEach(
              (id, revision) ->
                  assertEquals(
                      expected.objects().get(id),
                      new ObjectPut(id, revision.state(), revision.references()),
                      where));
    }
  }

  private ObjectId anyId(LocalObjectStore store, Random random) throws IOException {
    if (ids.size() < 3 || (ids.size() < 60 && random.nextInt(6) == 0)) {
      for (ObjectId id : store.newIds(1)) {
        if (!ids.contains(id)) {
          ids.add(id);
        }
      }
    }
    ObjectId id = ids.get(random.nextInt(ids.size()));
    // What was given out and never committed may be unknown after a reopening: ask again.
    while (store.newIds(1).get(0).compareTo(id) < 0) {
      continue;
    }
    return id;
  }

  private ObjectPut randomPut(ObjectId id, Random random) {
    byte[] state = new byte[random.nextInt(10) == 0 ? random.nextInt(5000) : random.nextInt(60)];
    random.nextBytes(state);
    List<ObjectId> references = new ArrayList<>();
    for (int count = random.nextInt(3); count > 0; count--) {
      references.add(ids.get(random.nextInt(ids.size())));
    }
    return new ObjectPut(id, ByteString.copyOf(state), references);
  }
}
