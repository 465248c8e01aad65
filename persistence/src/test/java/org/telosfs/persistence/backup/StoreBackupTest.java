package org.telosfs.persistence.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreCheck;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.pack.PackOptions;
import org.telosfs.persistence.storage.MemoryStorageDirectory;

/** What is restored is what was there, and what the repository has is not copied again. */
class StoreBackupTest {

  private static final StoreConfig CONFIG = StoreConfig.DEFAULT.withSegmentBytes(4096);

  private final MemoryStorageDirectory platter = new MemoryStorageDirectory();
  private final MemoryStorageDirectory kept = new MemoryStorageDirectory();
  private final BackupRepository repository = new BackupRepository(kept);
  private final List<ObjectId> ids = new ArrayList<>();

  @Test
  void everyStateIsRestoredFromFullAndIncrementalBackupsAcrossAPack() throws IOException {
    LocalObjectStore.create(platter);
    Map<TransactionId, Map<ObjectId, Revision>> states = new TreeMap<>();
    try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
      ids.addAll(store.newIds(6));
      change(store, 25, states);
      StoreBackup.Report full = store.backup(repository);
      assertEquals(full.files(), full.filesCopied());
      change(store, 25, states);
      StoreBackup.Report more = store.backup(repository);
      assertTrue(more.bytesCopied() < more.bytes() * 2 / 3, more.toString());
      TransactionId middle = states.keySet().stream().skip(37).findFirst().orElseThrow();
      store.pack().run(PackOptions.keepingFrom(middle));
      change(store, 5, states);
      StoreBackup.Report packed = store.backup(repository);
      assertTrue(packed.bytesCopied() < packed.bytes() / 2 + 4096, packed.toString());
      StoreBackup.Report again = store.backup(repository);
      assertEquals(1, again.filesCopied());
    }
    assertEquals(3, repository.backups().size());
    for (BackupManifest backup : repository.backups()) {
      assertEquals(List.of(), repository.verify(backup));
    }
    for (TransactionId at : states.keySet()) {
      MemoryStorageDirectory restored = new MemoryStorageDirectory();
      repository.restore(repository.reaching(at), at, restored);
      requireState(restored, at, states.get(at));
    }
    BackupManifest last = repository.backups().get(2);
    for (TransactionId at : states.keySet()) {
      if (at.compareTo(last.horizon()) >= 0) {
        MemoryStorageDirectory restored = new MemoryStorageDirectory();
        repository.restore(last, at, restored);
        requireState(restored, at, states.get(at));
      }
    }
  }

  @Test
  void aDamagedCopyIsFoundAndNotRestored() throws IOException {
    LocalObjectStore.create(platter);
    try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
      ids.addAll(store.newIds(6));
      change(store, 25, new TreeMap<>());
      store.backup(repository);
    }
    String file =
        kept.list().stream().filter(name -> name.startsWith("file-")).findFirst().orElseThrow();
    byte[] content = kept.content(file);
    content[content.length / 2] ^= 1;
    kept.put(file, content);
    BackupManifest backup = repository.backups().get(0);
    assertEquals(1, repository.verify(backup).size());
    MemoryStorageDirectory restored = new MemoryStorageDirectory();
    assertThrows(
        StoreException.Damaged.class,
        () -> repository.restore(backup, TransactionId.MAX, restored));
    assertEquals(List.of(), restored.list());
  }

  @Test
  void anotherStoresRepositoryIsRefused() throws IOException {
    for (int time = 0; time < 2; time++) {
      MemoryStorageDirectory medium = new MemoryStorageDirectory();
      LocalObjectStore.create(medium);
      try (LocalObjectStore store = LocalObjectStore.open(medium, CONFIG)) {
        if (time == 0) {
          store.backup(repository);
        } else {
          assertThrows(StoreException.NotOurs.class, () -> store.backup(repository));
        }
      }
    }
  }

  private void change(
      LocalObjectStore store, int times, Map<TransactionId, Map<ObjectId, Revision>> states)
      throws IOException {
    for (int time = 0; time < times; time++) {
      try (StoreTransaction transaction = store.begin()) {
        ByteString state = ByteString.utf8("time " + time + "-".repeat(500));
        transaction.put(new ObjectPut(ids.get(time % ids.size()), state, List.of()));
        transaction.put(new ObjectPut(ids.get(0), state, ids));
        transaction.setRoot("first", ids.get(0));
        for (ObjectId id : ids) {
          if (transaction.get(id).isEmpty()) {
            transaction.put(new ObjectPut(id, state, List.of()));
          }
        }
        transaction.commit(TransactionMetadata.NONE).orThrow();
      }
      try (StoreSnapshot snapshot = store.snapshot()) {
        states.put(snapshot.transaction(), snapshot.get(ids));
      }
    }
  }

  private void requireState(
      MemoryStorageDirectory restored, TransactionId at, Map<ObjectId, Revision> expected)
      throws IOException {
    assertEquals(List.of(), StoreCheck.run(restored).damages());
    try (LocalObjectStore store = LocalObjectStore.open(restored, CONFIG)) {
      try (StoreSnapshot snapshot = store.snapshot()) {
        assertEquals(at, snapshot.transaction());
        assertEquals(expected, snapshot.get(ids));
      }
      change(store, 2, new TreeMap<>());
    }
    assertEquals(List.of(), StoreCheck.run(restored).damages());
  }
}
