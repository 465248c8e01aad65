package org.telosfs.persistence.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.isolation.ObservedTransaction.Outcome;
import org.telosfs.persistence.storage.HostStorageDirectory;
import org.telosfs.persistence.storage.MemoryStorageDirectory;
import org.telosfs.persistence.storage.StorageDirectory;

class LocalIsolationTest {

  private static final boolean LONG = Boolean.getBoolean("telosfs.long");
  private static final int CLIENTS = 16;
  private static final int TRANSACTIONS = LONG ? 150_000 : 8_000;
  private static final int OBJECTS = 40;

  @Test
  void aStoreInMemoryIsSnapshotIsolated() throws Exception {
    check(new MemoryStorageDirectory(), TRANSACTIONS, 1);
  }

  @Test
  void aStoreOnTheHostIsSnapshotIsolated(@TempDir Path path) throws Exception {
    check(new HostStorageDirectory(path), LONG ? TRANSACTIONS : 1_000, 2);
  }

  private static void check(StorageDirectory directory, int transactions, long seed)
      throws IOException, InterruptedException {
    LocalObjectStore.create(directory);
    try (LocalObjectStore store = LocalObjectStore.open(directory, StoreConfig.DEFAULT)) {
      IsolationWorkload.History history =
          IsolationWorkload.run(
              client -> store, new IsolationWorkload.Plan(CLIENTS, transactions, OBJECTS, seed));
      assertEquals(List.of(), history.anomalies(), "seed " + seed);
      assertEquals(transactions + 1, history.transactions().size());
      assertTrue(history.count(Outcome.COMMITTED) > transactions / 10, "most met conflicts");
      assertTrue(history.count(Outcome.ABORTED) > transactions / 50, "none met a conflict");
    }
  }
}
