package org.telosfs.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.telosfs.persistence.storage.HostStorageDirectory;
import org.telosfs.persistence.storage.MemoryStorageDirectory;
import org.telosfs.persistence.storage.StorageDirectory;

class LocalObjectStoreTest {

  /** Small enough that most tests fill several. */
  private static final StoreConfig SMALL_SEGMENTS = StoreConfig.DEFAULT.withSegmentBytes(4096);

  @Nested
  class InMemory extends ObjectStoreContract {

    private final StorageDirectory directory = new MemoryStorageDirectory();

    @Override
    protected ObjectStore create() throws IOException {
      LocalObjectStore.create(directory);
      return reopen();
    }

    @Override
    protected ObjectStore reopen() throws IOException {
      return LocalObjectStore.open(directory, SMALL_SEGMENTS);
    }

    @Test
    void segmentsRollAndAllOfThemAreRead() throws IOException {
      List<ObjectId> ids = store.newIds(100);
      for (ObjectId id : ids) {
        commit(put(id, "state of " + id + "-".repeat(200)));
      }
      assertEquals(true, store.stats().segments() > 5);
      reopenStore();
      for (ObjectId id : ids) {
        assertEquals("state of " + id + "-".repeat(200), text(id));
      }
    }

    @Test
    void aTransactionLargerThanTheStoreTakesIsRefusedAndTheNextOneIsNot() throws IOException {
      store.close();
      store =
          LocalObjectStore.open(
              directory, new StoreConfig(4096, 8192, StoreConfig.DEFAULT.clock()));
      ObjectId id = store.newIds(1).get(0);
      assertThrows(StoreException.NotCommitted.class, () -> commit(put(id, "x".repeat(9000))));
      commit(put(id, "small"));
      assertEquals("small", text(id));
    }

    @Test
    void whoOnlyReadsSeesWhatIsCommittedAndChangesNothing() throws IOException {
      ObjectId id = newObject("1");
      List<String> before = directory.list();
      try (LocalObjectStore readOnly = LocalObjectStore.openReadOnly(directory)) {
        commit(put(id, "2"));
        try (StoreSnapshot snapshot = readOnly.snapshot()) {
          assertEquals(ByteString.utf8("1"), snapshot.get(id).orElseThrow().state());
        }
        assertThrows(StoreException.ReadOnly.class, readOnly::begin);
        assertThrows(StoreException.ReadOnly.class, () -> readOnly.newIds(1));
      }
      assertEquals(before, directory.list());
    }
  }

  @Nested
  class OnTheHost extends ObjectStoreContract {

    @TempDir Path path;

    @Override
    protected ObjectStore create() throws IOException {
      LocalObjectStore.create(new HostStorageDirectory(path));
      return reopen();
    }

    @Override
    protected ObjectStore reopen() throws IOException {
      return LocalObjectStore.open(new HostStorageDirectory(path), SMALL_SEGMENTS);
    }

    @Test
    void theIndexIsMadeAgainIfItIsLostOrDamaged() throws IOException {
      ObjectId id = newObject("1");
      store.close();
      byte[] index = Files.readAllBytes(path.resolve("index"));
      Files.delete(path.resolve("index"));
      store = reopen();
      assertEquals("1", text(id));
      store.close();
      for (int at = 0; at < index.length; at++) {
        byte[] flipped = index.clone();
        flipped[at] ^= 0x10;
        Files.write(path.resolve("index"), flipped);
        try (LocalObjectStore readOnly =
                LocalObjectStore.openReadOnly(new HostStorageDirectory(path));
            StoreSnapshot snapshot = readOnly.snapshot()) {
          assertEquals(Optional.of(ByteString.utf8("1")), snapshot.get(id).map(Revision::state));
        }
      }
    }
  }

  @Test
  void aSecondWriterIsRefused(@TempDir Path path) throws IOException {
    StorageDirectory directory = new HostStorageDirectory(path);
    LocalObjectStore.create(directory);
    LocalObjectStore first = LocalObjectStore.open(directory, StoreConfig.DEFAULT);
    assertThrows(
        StoreException.Locked.class, () -> LocalObjectStore.open(directory, StoreConfig.DEFAULT));
    first.close();
    LocalObjectStore.open(directory, StoreConfig.DEFAULT).close();
  }

  @Test
  void aStoreIsNotMadeTwice() throws IOException {
    MemoryStorageDirectory directory = new MemoryStorageDirectory();
    LocalObjectStore.create(directory);
    assertThrows(FileAlreadyExistsException.class, () -> LocalObjectStore.create(directory));
  }

  @Test
  void aDirectoryWithoutAStoreIsRefused(@TempDir Path path) throws IOException {
    StorageDirectory directory = new HostStorageDirectory(path);
    assertThrows(
        StoreException.NotOurs.class, () -> LocalObjectStore.open(directory, StoreConfig.DEFAULT));
    assertThrows(
        StoreException.NotOurs.class,
        () ->
            LocalObjectStore.open(
                new HostStorageDirectory(path.resolve("missing")), StoreConfig.DEFAULT));
    assertEquals(List.of(), directory.list());
  }
}
