package org.telosfs.persistence.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.BlobWriter;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.pack.PackOptions;
import org.telosfs.persistence.storage.CrashingStorageDirectory;
import org.telosfs.persistence.storage.CrashingStorageDirectory.Syncs;
import org.telosfs.persistence.storage.FailingStorageDirectory;
import org.telosfs.persistence.storage.FailingStorageDirectory.Refused;
import org.telosfs.persistence.storage.HostStorageDirectory;
import org.telosfs.persistence.storage.MemoryStorageDirectory;
import org.telosfs.persistence.storage.StorageDirectory;

/**
 * Whatever fails, and whenever power is lost: a transaction that exists has its blobs, whole, and
 * what nobody links is removed.
 */
class BlobFaultTest {

  private static final StoreConfig CONFIG = StoreConfig.DEFAULT.withSegmentBytes(4096);
  private static final boolean LONG = Boolean.getBoolean("telosfs.long");
  private static final int SEEDS = LONG ? 300 : 5;
  private static final int BLOBS = 6;
  private static final int BLOB_BYTES = 3 * BlobFormat.CHUNK_BYTES / 2;

  /** How many blobs were acknowledged, and behind which step that was. */
  private final List<Integer> acknowledged = new ArrayList<>();

  @Test
  void noPowerLossLeavesATransactionWithoutItsBlobOrABlobWithoutItsTransaction()
      throws IOException {
    CrashingStorageDirectory directory = workload(Syncs.HONEST);
    int states = 0;
    for (int step = directory.firstStep(); step <= directory.stepCount(); step++) {
      for (long seed = 0; seed < SEEDS; seed++) {
        requireSound(directory.afterPowerLoss(step, seed), step, "step " + step + ", seed " + seed);
        states++;
      }
    }
    assertTrue(states > 200, states + " states");
  }

  /** Negative control. */
  @Test
  void aMediumThatDoesNotSyncIsFoundOut() throws IOException {
    CrashingStorageDirectory directory = workload(Syncs.LYING);
    assertThrows(
        AssertionError.class,
        () -> {
          for (int step = directory.firstStep(); step <= directory.stepCount(); step++) {
            requireSound(directory.afterPowerLoss(step, 0), step, "step " + step);
          }
        });
  }

  @Test
  void whicheverAppendAFullDiskRefusesTheStoreGoesOnAndNothingIsLeft() throws IOException {
    boolean failed = true;
    for (int appends = 0; failed; appends++) {
      MemoryStorageDirectory platter = new MemoryStorageDirectory();
      FailingStorageDirectory directory = new FailingStorageDirectory(platter);
      LocalObjectStore.create(platter);
      int committed = 0;
      try (LocalObjectStore store = LocalObjectStore.open(directory, CONFIG)) {
        directory.failAppendAfter(appends);
        for (int number = 0; number < BLOBS; number++) {
          committed += tryToStore(store, number);
        }
      }
      failed = directory.appendFailed();
      assertTrue(committed >= BLOBS - 1, committed + " blobs after append " + appends);
      List<String> files = platter.directory(BlobStore.DIRECTORY).list();
      assertEquals(committed, files.size(), files.toString());
      try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
        assertEquals(committed, readable(store, "append " + appends));
      }
    }
  }

  @Test
  void whicheverSyncFailsNoTransactionExistsWithoutItsBlob() throws IOException {
    for (int syncs = 0; syncs < 4 * BLOBS; syncs++) {
      MemoryStorageDirectory platter = new MemoryStorageDirectory();
      FailingStorageDirectory directory = new FailingStorageDirectory(platter);
      LocalObjectStore.create(platter);
      int committed = 0;
      try (LocalObjectStore store = LocalObjectStore.open(directory, CONFIG)) {
        directory.failSyncAfter(syncs);
        for (int number = 0; number < BLOBS; number++) {
          committed += tryToStore(store, number);
        }
        directory.failSyncAfter(Integer.MAX_VALUE);
      }
      try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
        assertTrue(readable(store, "sync " + syncs) >= committed);
      }
    }
  }

  @Test
  void whicheverRenameFailsNoTransactionLacksItsBlobAndAPackRemovesWhatIsLeft() throws IOException {
    for (Refused refused : Refused.values()) {
      boolean failed = true;
      for (int renames = 0; failed; renames++) {
        int at = renames;
        failed =
            withFailure(
                    directory -> directory.failRenameAfter(at, refused),
                    "rename " + renames + " " + refused)
                .renameFailed();
      }
    }
  }

  @Test
  void whicheverDirectorySyncFailsNoTransactionLacksItsBlobAndAPackRemovesWhatIsLeft()
      throws IOException {
    boolean failed = true;
    for (int syncs = 0; failed; syncs++) {
      int at = syncs;
      failed =
          withFailure(
                  directory -> directory.failDirectorySyncAfter(at), "sync of directory " + syncs)
              .directorySyncFailed();
    }
  }

  /** A commit that is refused takes names back, and that may fail too. */
  @Test
  void whicheverNameCannotBeTakenBackAPackRemovesWhatIsLeft() throws IOException {
    boolean failed = true;
    for (int syncs = 0; failed; syncs++) {
      int first = syncs;
      failed = false;
      for (int renames = 0; renames < 3 * BLOBS; renames++) {
        int second = renames;
        FailingStorageDirectory directory =
            withFailure(
                failing -> {
                  failing.failDirectorySyncAfter(first);
                  failing.failRenameAfter(second, Refused.NOT_DONE);
                },
                "sync of directory " + syncs + ", rename " + renames);
        failed |= directory.directorySyncFailed();
      }
    }
  }

  @Test
  void aBlobThatCouldNotBeNamedWaitsForAnotherTransaction() throws IOException {
    FailingStorageDirectory directory = new FailingStorageDirectory(new MemoryStorageDirectory());
    LocalObjectStore.create(directory);
    try (LocalObjectStore store = LocalObjectStore.open(directory, CONFIG);
        BlobWriter writer = store.newBlob()) {
      writer.write(ByteBuffer.wrap(content(0)));
      Blob blob = writer.finish();
      directory.failRenameAfter(0, Refused.NOT_DONE);
      assertThrows(StoreException.NotCommitted.class, () -> commit(store, 0, blob));
      directory.failDirectorySyncAfter(0);
      assertThrows(StoreException.NotCommitted.class, () -> commit(store, 0, blob));
      commit(store, 0, blob);
      assertEquals(1, readable(store, "third time"));
      assertTrue(writer.linked());
    }
  }

  private interface Failure {
    void prepare(FailingStorageDirectory directory);
  }

  /**
   * Stores blobs while something fails, and requires that exactly what was acknowledged is there,
   * at once and after opening again, and that a pack leaves the files of these blobs alone.
   */
  private static FailingStorageDirectory withFailure(Failure failure, String state)
      throws IOException {
    MemoryStorageDirectory platter = new MemoryStorageDirectory();
    FailingStorageDirectory directory = new FailingStorageDirectory(platter);
    LocalObjectStore.create(platter);
    int committed = 0;
    try (LocalObjectStore store = LocalObjectStore.open(directory, CONFIG)) {
      failure.prepare(directory);
      for (int number = 0; number < BLOBS; number++) {
        committed += tryToStore(store, number);
      }
      assertEquals(committed, readable(store, state));
      boolean writingEnded = store.stats().writingEnded().isPresent();
      assertTrue(writingEnded || committed >= BLOBS - 2, state + " left " + committed);
    } catch (IOException e) {
      assertTrue(e.getMessage().contains("Input/output error"), () -> state + ": " + e);
    }
    try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
      assertEquals(committed, readable(store, state + ", opened again"));
      store.pack().run(PackOptions.keepingFrom(TransactionId.NONE));
      List<String> files = platter.directory(BlobStore.DIRECTORY).list();
      assertEquals(committed, files.size(), state + " left " + files);
      assertEquals(committed, readable(store, state + ", packed"));
      assertEquals(1, tryToStore(store, 99), state);
    }
    return directory;
  }

  @Test
  void everyFlippedByteOfABlobIsFoundByWhoReadsItOrByACheck() throws IOException {
    MemoryStorageDirectory platter = new MemoryStorageDirectory();
    LocalObjectStore.create(platter);
    try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
      assertEquals(1, tryToStore(store, 0));
    }
    String name = BlobStore.DIRECTORY + "/";
    name += platter.directory(BlobStore.DIRECTORY).list().get(0);
    byte[] whole = platter.content(name);
    Random random = new Random(1);
    for (int time = 0; time < (LONG ? 20_000 : 400); time++) {
      byte[] flipped = whole.clone();
      int at =
          time < BlobFormat.TRAILER_BYTES + 16
              ? whole.length - 1 - time
              : random.nextInt(whole.length);
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      MemoryStorageDirectory damaged = platter.copy();
      damaged.put(name, flipped);
      String state = "byte " + at;
      assertThrows(
          IOException.class,
          () -> {
            try (LocalObjectStore store = LocalObjectStore.openReadOnly(damaged)) {
              readable(store, state);
              ObjectId id = new ObjectId(2);
              BlobStore blobs = new BlobStore(damaged);
              blobs.verify(id, store.snapshot().get(id).orElseThrow().blob().orElseThrow());
            }
          },
          state);
    }
    MemoryStorageDirectory cut = platter.copy();
    cut.put(name, java.util.Arrays.copyOf(whole, whole.length - 1));
    try (LocalObjectStore store = LocalObjectStore.openReadOnly(cut)) {
      assertThrows(StoreException.Damaged.class, () -> readable(store, "cut"));
    }
    cut.delete(name);
    try (LocalObjectStore store = LocalObjectStore.openReadOnly(cut)) {
      assertThrows(StoreException.Damaged.class, () -> readable(store, "missing"));
    }
  }

  @Test
  void onTheHostABlobIsThePropertyOfTheOwnerAndNoLinkIsFollowed(@TempDir Path place)
      throws IOException {
    StorageDirectory directory = new HostStorageDirectory(place);
    LocalObjectStore.create(directory);
    Path blobs = place.resolve(BlobStore.DIRECTORY);
    try (LocalObjectStore store = LocalObjectStore.open(directory, CONFIG)) {
      assertFalse(Files.exists(blobs));
      assertEquals(1, tryToStore(store, 0));
      assertEquals(
          "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(blobs)));
      Path file;
      try (var files = Files.list(blobs)) {
        file = files.findAny().orElseThrow();
      }
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      assertEquals(1, readable(store, "host"));
      Path elsewhere = place.resolve("elsewhere");
      Files.move(file, elsewhere);
      Files.createSymbolicLink(file, elsewhere);
      assertThrows(IOException.class, () -> readable(store, "a link"));
    }
  }

  private CrashingStorageDirectory workload(Syncs syncs) throws IOException {
    MemoryStorageDirectory start = new MemoryStorageDirectory();
    LocalObjectStore.create(start);
    CrashingStorageDirectory directory = new CrashingStorageDirectory(start, syncs);
    for (int number = 0; number < BLOBS; ) {
      try (LocalObjectStore store = LocalObjectStore.open(directory, CONFIG)) {
        for (int time = 0; time < BLOBS / 2; time++) {
          assertEquals(1, tryToStore(store, number++));
          acknowledged.add(directory.stepCount());
        }
      }
    }
    return directory;
  }

  private void requireSound(MemoryStorageDirectory found, int step, String state)
      throws IOException {
    int blobs;
    try (LocalObjectStore store = LocalObjectStore.open(found, CONFIG)) {
      blobs = readable(store, state);
      long promised = acknowledged.stream().filter(behind -> behind <= step).count();
      assertTrue(blobs >= promised, state + " has " + blobs + " of " + promised);
      assertEquals(store.transactionIds(TransactionRange.newest(99)).size(), blobs, state);
    } catch (StoreException e) {
      throw new AssertionError(state, e);
    }
    List<String> files = found.directory(BlobStore.DIRECTORY).list();
    assertEquals(blobs, files.size(), state + " left " + files);
    try (LocalObjectStore store = LocalObjectStore.open(found, CONFIG)) {
      assertEquals(1, tryToStore(store, 99), state);
      assertEquals(blobs + 1, readable(store, state), state);
    }
  }

  /** Reads every blob whole; its content follows from the state that holds it. */
  private static int readable(LocalObjectStore store, String state) throws IOException {
    int count = 0;
    try (StoreSnapshot snapshot = store.snapshot()) {
      for (ObjectId id : snapshot.ids(new ObjectId(2), 99)) {
        int number = snapshot.get(id).orElseThrow().state().asByteBuffer().getInt();
        try (BlobReader reader = snapshot.openBlob(id).orElseThrow()) {
          assertArrayEquals(content(number), reader.stream().readAllBytes(), state);
        }
        count++;
      }
    }
    return count;
  }

  /** Returns how many were stored. */
  private static int tryToStore(LocalObjectStore store, int number) {
    try (BlobWriter writer = store.newBlob()) {
      byte[] content = content(number);
      int half = content.length / 2;
      writer.write(ByteBuffer.wrap(content, 0, half));
      writer.write(ByteBuffer.wrap(content, half, content.length - half));
      commit(store, number, writer.finish());
      return 1;
    } catch (IOException refused) {
      return 0;
    }
  }

  private static void commit(LocalObjectStore store, int number, Blob blob) throws IOException {
    ByteString state = ByteString.copyOf(ByteBuffer.allocate(700).putInt(0, number));
    try (StoreTransaction transaction = store.begin()) {
      ObjectId id = store.newIds(1).get(0);
      transaction.put(new ObjectPut(id, state, List.of(), Optional.of(blob)));
      transaction.commit(TransactionMetadata.NONE).orThrow();
    }
  }

  private static byte[] content(int number) {
    byte[] bytes = new byte[BLOB_BYTES + number];
    new Random(number).nextBytes(bytes);
    return bytes;
  }
}
