package org.telosfs.persistence.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.BlobWriter;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.StoreCheck;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.UndoOutcome;
import org.telosfs.persistence.backup.BackupManifest;
import org.telosfs.persistence.backup.BackupRepository;
import org.telosfs.persistence.backup.StoreBackup;
import org.telosfs.persistence.pack.PackOptions;
import org.telosfs.persistence.pack.PackReport;
import org.telosfs.persistence.storage.CrashingStorageDirectory;
import org.telosfs.persistence.storage.CrashingStorageDirectory.Syncs;
import org.telosfs.persistence.storage.MemoryStorageDirectory;
import org.telosfs.persistence.storage.StorageDirectory;

/** Blobs are packed, backed up, restored and checked with the objects that hold them. */
class BlobLifeTest {

  private static final StoreConfig CONFIG = StoreConfig.DEFAULT.withSegmentBytes(4096);
  private static final PackOptions EVERYTHING = PackOptions.keepingFrom(TransactionId.MAX);

  private final MemoryStorageDirectory platter = new MemoryStorageDirectory();
  private final List<TransactionId> versions = new ArrayList<>();
  private ObjectId id = ObjectId.ROOTS;

  /** Four versions of a blob; the last goes back to the second. */
  @BeforeEach
  void versions() throws IOException {
    LocalObjectStore.create(platter);
    try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
      id = store.newIds(1).get(0);
      for (int version = 0; version < 3; version++) {
        versions.add(put(store, id, version));
      }
      assertInstanceOf(
          UndoOutcome.Undone.class, store.undo(List.of(versions.get(2)), TransactionMetadata.NONE));
      put(store, store.newIds(1).get(0), 77, false);
    }
  }

  @Test
  void aPackRemovesTheBlobsThatNobodyCanReach() throws IOException {
    try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
      PackReport would = store.pack().dryRun(EVERYTHING);
      assertEquals(3, would.blobsGone());
      assertTrue(would.blobBytesGone() > 3 * content(0).length);
      assertEquals(4, files(platter).size());
      try (StoreSnapshot past = store.at(versions.get(2))) {
        assertEquals(1, store.pack().run(EVERYTHING).blobsGone());
        try (BlobReader reader = past.openBlob(id).orElseThrow()) {
          assertArrayEquals(content(2), reader.stream().readAllBytes());
        }
      }
      PackReport did = store.pack().run(EVERYTHING);
      assertEquals(2, did.blobsGone());
      assertEquals(1, files(platter).size());
      requireContent(store, 1);
      assertEquals(0, store.pack().run(EVERYTHING).blobsGone());
    }
    platter.delete("index");
    try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
      requireContent(store, 1);
      assertEquals(1, store.history(id).size());
    }
    assertEquals(List.of(), StoreCheck.run(platter).damages());
  }

  @Test
  void aPackThatLosesPowerAnywhereLeavesAllThatIsLinkedAndTheNextOneFinishesIt()
      throws IOException {
    CrashingStorageDirectory directory = new CrashingStorageDirectory(platter, Syncs.HONEST);
    try (LocalObjectStore store = LocalObjectStore.open(directory, CONFIG)) {
      store.pack().run(EVERYTHING);
    }
    for (int step = directory.firstStep(); step <= directory.stepCount(); step++) {
      for (long seed = 0; seed < 6; seed++) {
        MemoryStorageDirectory found = directory.afterPowerLoss(step, seed);
        try (LocalObjectStore store = LocalObjectStore.open(found, CONFIG)) {
          requireContent(store, 1);
          store.pack().run(EVERYTHING);
          requireContent(store, 1);
        }
        assertEquals(1, files(found).size(), "step " + step + ", seed " + seed);
        assertEquals(List.of(), StoreCheck.run(found).damages());
      }
    }
  }

  @Test
  void blobsAreBackedUpOnceAndRestoredToAnyState() throws IOException {
    MemoryStorageDirectory kept = new MemoryStorageDirectory();
    BackupRepository repository = new BackupRepository(kept);
    try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
      long first = store.backup(repository).bytesCopied();
      assertTrue(first > 4L * content(0).length);
      versions.add(put(store, id, 3));
      StoreBackup.Report second = store.backup(repository);
      assertTrue(second.bytesCopied() < 2L * content(3).length, second.toString());
    }
    for (BackupManifest backup : repository.backups()) {
      assertEquals(List.of(), repository.verify(backup));
    }
    for (int version = 0; version < versions.size(); version++) {
      TransactionId wanted = versions.get(version);
      MemoryStorageDirectory into = new MemoryStorageDirectory();
      repository.restore(repository.reaching(wanted), wanted, into);
      try (LocalObjectStore store = LocalObjectStore.open(into, CONFIG)) {
        requireContent(store, version);
      }
      assertEquals(List.of(), StoreCheck.run(into).damages());
    }
    String copy =
        kept.list().stream()
            .filter(name -> name.startsWith("file-"))
            .max((one, other) -> Integer.compare(size(kept, one), size(kept, other)))
            .orElseThrow();
    byte[] flipped = kept.content(copy);
    flipped[1000] ^= 1;
    kept.put(copy, flipped);
    assertTrue(
        repository.backups().stream()
            .anyMatch(
                backup -> {
                  try {
                    return !repository.verify(backup).isEmpty();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                }));
  }

  @Test
  void aCheckFindsADamagedAndAMissingBlob() throws IOException {
    assertEquals(List.of(), StoreCheck.run(platter).damages());
    String name = BlobStore.DIRECTORY + "/" + files(platter).get(0);
    byte[] flipped = platter.content(name);
    flipped[70_000] ^= 4;
    platter.put(name, flipped);
    assertEquals(1, StoreCheck.run(platter).damages().size());
    platter.delete(name);
    assertEquals(List.of(id), StoreCheck.run(platter).damages().get(0).objects());
  }

  private static int size(MemoryStorageDirectory directory, String name) {
    try {
      return directory.content(name).length;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> files(StorageDirectory directory) throws IOException {
    return directory.directory(BlobStore.DIRECTORY).list();
  }

  private void requireContent(LocalObjectStore store, int version) throws IOException {
    try (StoreSnapshot snapshot = store.snapshot();
        BlobReader reader = snapshot.openBlob(id).orElseThrow()) {
      assertArrayEquals(content(version), reader.stream().readAllBytes());
    }
  }

  private static TransactionId put(LocalObjectStore store, ObjectId id, int version)
      throws IOException {
    return put(store, id, version, true);
  }

  private static TransactionId put(LocalObjectStore store, ObjectId id, int version, boolean root)
      throws IOException {
    try (BlobWriter writer = store.newBlob();
        StoreTransaction transaction = store.begin()) {
      writer.write(ByteBuffer.wrap(content(version)));
      transaction.put(
          new ObjectPut(
              id, ByteString.utf8("v" + version), List.of(), Optional.of(writer.finish())));
      if (root) {
        transaction.setRoot("root", id);
      }
      return transaction.commit(TransactionMetadata.NONE).orThrow();
    }
  }

  private static byte[] content(int version) {
    byte[] bytes = new byte[100_000 + version];
    new Random(version).nextBytes(bytes);
    return bytes;
  }
}
