package org.telosfs.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.storage.CrashingStorageDirectory;
import org.telosfs.persistence.storage.CrashingStorageDirectory.Syncs;
import org.telosfs.persistence.storage.MemoryStorageDirectory;

/**
 * Power is lost after every single step of a workload, and again after every step of the recovery
 * from it. What is found is a prefix of the transactions, never less than what was acknowledged,
 * never half a transaction, and can be gone on with.
 */
class StorePowerLossTest {

  private static final StoreConfig CONFIG = StoreConfig.DEFAULT.withSegmentBytes(4096);
  private static final boolean LONG = Boolean.getBoolean("telosfs.long");
  private static final int SEEDS = LONG ? 400 : 12;
  private static final int RECOVERY_SWEEPS = LONG ? 40 : 3;
  private static final int RECOVERY_SEEDS = LONG ? 20 : 3;

  /** Each transaction writes its number into both of these. */
  private static final ObjectId LEFT = new ObjectId(2);

  private static final ObjectId RIGHT = new ObjectId(3);

  /** A commit that was acknowledged, and behind which step it was. */
  private record Acknowledged(int step, TransactionId id) {}

  private final List<Acknowledged> acknowledged = Collections.synchronizedList(new ArrayList<>());

  @Test
  void noAcknowledgedCommitIsLostAndNoneIsHalf() throws IOException {
    CrashingStorageDirectory directory = workload(Syncs.HONEST);
    int states = 0;
    for (int step = directory.firstStep(); step <= directory.stepCount(); step++) {
      for (long seed = 0; seed < SEEDS; seed++) {
        MemoryStorageDirectory found = directory.afterPowerLoss(step, seed);
        String state = "step " + step + ", seed " + seed;
        if (LocalObjectStore.exists(found)) {
          if (seed < RECOVERY_SWEEPS) {
            states += recoverySweep(found, step, state);
          }
          requireSound(found, step, state);
        } else {
          assertTrue(acknowledgedBefore(step).isEmpty(), state);
        }
        states++;
      }
    }
    assertTrue(states > 2000, states + " states");
  }

  @Test
  void commitsThatShareASyncAreWholeToo() throws Exception {
    MemoryStorageDirectory start = new MemoryStorageDirectory();
    LocalObjectStore.create(start);
    CrashingStorageDirectory directory = new CrashingStorageDirectory(start, Syncs.HONEST);
    LocalObjectStore store = LocalObjectStore.open(directory, CONFIG);
    List<Thread> threads = new ArrayList<>();
    for (int number = 0; number < 6; number++) {
      List<ObjectId> own = store.newIds(2);
      Thread thread =
          new Thread(
              () -> {
                for (int time = 0; time < 6; time++) {
                  acknowledge(directory, commit(store, own, time));
                }
              });
      threads.add(thread);
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    store.close();
    for (int step = directory.firstStep(); step <= directory.stepCount(); step++) {
      for (long seed = 0; seed < SEEDS; seed++) {
        String state = "step " + step + ", seed " + seed;
        MemoryStorageDirectory found = directory.afterPowerLoss(step, seed);
        try (LocalObjectStore recovered = LocalObjectStore.open(found, CONFIG)) {
          requireAcknowledged(recovered, step, state);
          try (StoreSnapshot snapshot = recovered.snapshot()) {
            for (long left = 2; left < 14; left += 2) {
              Map<ObjectId, Revision> pair =
                  snapshot.get(List.of(new ObjectId(left), new ObjectId(left + 1)));
              assertTrue(pair.size() != 1, state);
              assertTrue(
                  pair.values().stream().map(Revision::state).distinct().count() <= 1, state);
            }
          }
        }
      }
    }
  }

  /** Negative control: a sweep that cannot fail proves nothing. */
  @Test
  void aMediumThatDoesNotSyncIsFoundOut() throws IOException {
    CrashingStorageDirectory directory = workload(Syncs.LYING);
    assertThrows(
        AssertionError.class,
        () -> {
          for (int step = directory.firstStep(); step <= directory.stepCount(); step++) {
            MemoryStorageDirectory found = directory.afterPowerLoss(step, 0);
            if (LocalObjectStore.exists(found)) {
              requireSound(found, step, "step " + step);
            } else {
              assertTrue(acknowledgedBefore(step).isEmpty());
            }
          }
        });
  }

  /** Makes a store, fills several segments, and closes and opens it in between. */
  private CrashingStorageDirectory workload(Syncs syncs) throws IOException {
    MemoryStorageDirectory start = new MemoryStorageDirectory();
    if (syncs == Syncs.LYING) {
      LocalObjectStore.create(start);
    }
    CrashingStorageDirectory directory = new CrashingStorageDirectory(start, syncs);
    if (syncs == Syncs.HONEST) {
      LocalObjectStore.create(directory);
    }
    int number = 0;
    for (int opened = 0; opened < 3; opened++) {
      try (LocalObjectStore store = LocalObjectStore.open(directory, CONFIG)) {
        store.newIds(opened == 0 ? 2 : 0);
        for (int time = 0; time < 6; time++) {
          acknowledge(directory, commit(store, List.of(LEFT, RIGHT), number++));
        }
      }
    }
    return directory;
  }

  private int recoverySweep(MemoryStorageDirectory found, int step, String state)
      throws IOException {
    CrashingStorageDirectory recovering = new CrashingStorageDirectory(found, Syncs.HONEST);
    LocalObjectStore.open(recovering, CONFIG).close();
    int states = 0;
    for (int again = recovering.firstStep(); again <= recovering.stepCount(); again++) {
      for (long seed = 0; seed < RECOVERY_SEEDS; seed++) {
        requireSound(
            recovering.afterPowerLoss(again, seed),
            step,
            state + "; recovery " + again + "," + seed);
        states++;
      }
    }
    return states;
  }

  private void requireSound(MemoryStorageDirectory found, int step, String state)
      throws IOException {
    ByteString last;
    try (LocalObjectStore store = LocalObjectStore.open(found, CONFIG)) {
      requireAcknowledged(store, step, state);
      try (StoreSnapshot snapshot = store.snapshot()) {
        Map<ObjectId, Revision> pair = snapshot.get(List.of(LEFT, RIGHT));
        int transactions = (int) store.stats().transactions();
        if (transactions == 0) {
          assertEquals(Map.of(), pair, state);
        } else {
          assertEquals(text(transactions - 1), pair.get(LEFT).state(), state);
          assertEquals(text(transactions - 1), pair.get(RIGHT).state(), state);
        }
      }
      ObjectId next = store.newIds(1).get(0);
      commit(store, List.of(next), 4711);
      last = text(4711);
    }
    try (LocalObjectStore store = LocalObjectStore.open(found, CONFIG);
        StoreSnapshot snapshot = store.snapshot()) {
      ObjectId greatest =
          snapshot.ids(ObjectId.ROOTS, 10).get(snapshot.ids(ObjectId.ROOTS, 10).size() - 1);
      assertEquals(last, snapshot.get(greatest).orElseThrow().state(), state);
      assertEquals(List.of(), StoreCheck.run(found).damages(), state);
    }
  }

  private void requireAcknowledged(LocalObjectStore store, int step, String state) {
    Set<TransactionId> present =
        new HashSet<>(store.transactionIds(TransactionRange.newest(Integer.MAX_VALUE)));
    for (Acknowledged commit : acknowledgedBefore(step)) {
      assertTrue(present.contains(commit.id()), state + " lost " + commit);
    }
  }

  private List<Acknowledged> acknowledgedBefore(int step) {
    return acknowledged.stream().filter(commit -> commit.step() <= step).toList();
  }

  private void acknowledge(CrashingStorageDirectory directory, TransactionId id) {
    acknowledged.add(new Acknowledged(directory.stepCount(), id));
  }

  private static TransactionId commit(LocalObjectStore store, List<ObjectId> ids, int number) {
    try (StoreTransaction transaction = store.begin()) {
      for (ObjectId id : ids) {
        transaction.put(new ObjectPut(id, text(number), List.of()));
      }
      return transaction.commit(TransactionMetadata.of("test", "number " + number)).orThrow();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ByteString text(int number) {
    return ByteString.utf8(number + "-".repeat(300));
  }
}
