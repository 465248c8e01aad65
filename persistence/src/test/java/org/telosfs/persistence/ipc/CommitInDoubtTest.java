package org.telosfs.persistence.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;

class CommitInDoubtTest {
  private static final ByteString NUMBER =
      ByteString.copyOf(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});

  @Test
  void whatWasAskedForAndNotFoundIsNeverCommittedLater() throws Exception {
    try (ServedStore served = ServedStore.inMemory(IpcLimits.DEFAULT)) {
      CommitIds ids = new CommitIds(served.local());
      assertEquals(Optional.empty(), ids.outcome(NUMBER, TransactionId.NONE));
      assertThrows(
          StoreException.NotCommitted.class, () -> ids.start(NUMBER, TransactionMetadata.NONE));
    }
  }

  @Test
  void whatWasCommittedIsFoundAgainByANewServer() throws Exception {
    try (ServedStore served = ServedStore.inMemory(IpcLimits.DEFAULT)) {
      CommitIds ids = new CommitIds(served.local());
      ObjectId id = served.local().newIds(1).get(0);
      TransactionId committed;
      try (StoreTransaction transaction = served.local().begin()) {
        transaction.put(new ObjectPut(id, ByteString.EMPTY, List.of()));
        committed = transaction.commit(ids.start(NUMBER, TransactionMetadata.NONE)).orThrow();
      }
      ids.finish(NUMBER);
      served.restart();
      assertEquals(
          Optional.of(committed),
          new CommitIds(served.local()).outcome(NUMBER, TransactionId.NONE));
    }
  }

  @Test
  void aSnapshotLivesOnWithANewServerAndATransactionDoesNot() throws IOException {
    try (ServedStore served = ServedStore.inMemory(IpcLimits.DEFAULT);
        RemoteObjectStore store = served.connect()) {
      ObjectId id = store.newIds(1).get(0);
      try (StoreTransaction transaction = store.begin()) {
        transaction.put(new ObjectPut(id, ByteString.utf8("1"), List.of()));
        transaction.commit(TransactionMetadata.NONE).orThrow();
      }
      try (StoreSnapshot snapshot = store.snapshot();
          StoreTransaction transaction = store.begin()) {
        served.restart();
        assertEquals(ByteString.utf8("1"), snapshot.get(id).orElseThrow().state());
        assertThrows(IpcException.class, () -> transaction.get(List.of(id)));
        assertThrows(
            StoreException.NotCommitted.class, () -> transaction.commit(TransactionMetadata.NONE));
      }
    }
  }
}
