package org.telosfs.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.storage.FailingStorageDirectory;
import org.telosfs.persistence.storage.MemoryStorageDirectory;

/** A full disk refuses one commit and no more; a failed sync ends writing and not reading. */
class StoreFailureTest {

  private static final StoreConfig CONFIG = StoreConfig.DEFAULT.withSegmentBytes(4096);
  private static final int COMMITS = 20;

  private final MemoryStorageDirectory platter = new MemoryStorageDirectory();
  private final FailingStorageDirectory directory = new FailingStorageDirectory(platter);

  @Test
  void whicheverAppendAFullDiskRefusesNothingElseIsLost() throws IOException {
    boolean failed = true;
    for (int appends = 0; failed; appends++) {
      platter.list().forEach(platter::delete);
      LocalObjectStore.create(platter);
      List<TransactionId> committed = new ArrayList<>();
      try (LocalObjectStore store = LocalObjectStore.open(directory, CONFIG)) {
        directory.failAppendAfter(appends);
        int refused = 0;
        for (int number = 0; number < COMMITS; number++) {
          try {
            committed.add(commit(store));
          } catch (StoreException.NotCommitted e) {
            refused++;
          }
        }
        assertTrue(refused <= 1, refused + " refused");
        assertEquals(COMMITS - refused, committed.size());
      }
      failed = directory.appendFailed();
      directory.failAppendAfter(Integer.MAX_VALUE);
      requireExactly(committed);
    }
  }

  @Test
  void afterAFailedSyncNothingIsWrittenAndReadingGoesOn() throws IOException {
    LocalObjectStore.create(platter);
    List<TransactionId> committed = new ArrayList<>();
    LocalObjectStore store = LocalObjectStore.open(directory, CONFIG);
    committed.add(commit(store));
    StoreTransaction early = store.begin();
    early.put(new ObjectPut(store.newIds(1).get(0), ByteString.EMPTY, List.of()));
    directory.failSyncAfter(0);
    assertThrows(StoreException.WritingEnded.class, () -> commit(store));
    assertThrows(StoreException.WritingEnded.class, store::begin);
    assertThrows(StoreException.WritingEnded.class, () -> early.commit(TransactionMetadata.NONE));
    assertTrue(store.stats().writingEnded().isPresent());
    try (StoreSnapshot snapshot = store.snapshot()) {
      assertEquals(committed.get(0), snapshot.transaction());
      assertEquals(1, snapshot.get(snapshot.ids(ObjectId.ROOTS, 9)).size());
    }
    store.close();
    try (LocalObjectStore again = LocalObjectStore.open(platter, CONFIG)) {
      assertTrue(again.transactionIds(TransactionRange.newest(99)).containsAll(committed));
    }
  }

  private void requireExactly(List<TransactionId> committed) throws IOException {
    try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
      assertEquals(
          committed, store.transactionIds(TransactionRange.after(TransactionId.NONE, 999)));
      assertEquals(List.of(), StoreCheck.run(platter).damages());
      commit(store);
    }
  }

  private static TransactionId commit(LocalObjectStore store) throws IOException {
    try (StoreTransaction transaction = store.begin()) {
      ByteString state = ByteString.copyOf(new byte[700]);
      transaction.put(new ObjectPut(store.newIds(1).get(0), state, List.of()));
      return transaction.commit(TransactionMetadata.NONE).orThrow();
    }
  }
}
