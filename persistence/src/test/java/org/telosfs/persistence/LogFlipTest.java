package org.telosfs.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.storage.MemoryStorageDirectory;

/**
 * Every byte of a log is damaged in turn. In a log that was closed in order each flipped bit is an
 * error, but for those of the close mark itself: they cost the mark, which is reported as a torn
 * tail, and no transaction. In a log that was not closed, a flip in the last group of transactions
 * cannot be told from a torn tail and costs that group; before it, it is an error.
 */
class LogFlipTest {

  private static final StoreConfig CONFIG = StoreConfig.DEFAULT.withSegmentBytes(4096);
  private static final boolean LONG = Boolean.getBoolean("telosfs.long");
  private static final int TRANSACTIONS = 14;

  /** Of the mark at the end of a log that was closed. */
  private static final int CLOSE_BYTES = 32;

  private final MemoryStorageDirectory closed = new MemoryStorageDirectory();
  private MemoryStorageDirectory unclosed = closed;
  private final List<TransactionId> committed = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    LocalObjectStore.create(closed);
    try (LocalObjectStore store = LocalObjectStore.open(closed, CONFIG)) {
      for (ObjectId id : store.newIds(TRANSACTIONS)) {
        try (StoreTransaction transaction = store.begin()) {
          ByteString state = ByteString.utf8("state of " + id + "-".repeat(400));
          transaction.put(new ObjectPut(id, state, List.of(id)));
          committed.add(transaction.commit(TransactionMetadata.of("user", "")).orThrow());
        }
      }
      unclosed = closed.copy();
    }
    assertTrue(segments().size() >= 2);
  }

  @Test
  void aFlippedBitOfAClosedLogIsAnErrorOrCostsTheCloseMarkAlone() throws IOException {
    int markOnly = 0;
    for (MemoryStorageDirectory flipped : new Flips(closed, false)) {
      try (LocalObjectStore store = LocalObjectStore.openReadOnly(flipped)) {
        assertEquals(committed, transactions(store));
        assertTrue(store.stats().tornBytesCut() > 0);
        markOnly++;
      } catch (StoreException expected) {
        assertTrue(expected.getMessage().contains("log-0"), expected.getMessage());
      }
    }
    assertTrue(markOnly > 0 && markOnly <= (LONG ? 32 * 8 : 32), markOnly + " flips of the mark");
  }

  @Test
  void aFlippedBitOfAnUnclosedLogIsAnErrorOrCostsTheLastGroupAlone() throws IOException {
    int writtenAhead = 0;
    for (MemoryStorageDirectory flipped : new Flips(unclosed, false)) {
      try (LocalObjectStore store = LocalObjectStore.openReadOnly(flipped)) {
        List<TransactionId> found = transactions(store);
        writtenAhead += found.size() == TRANSACTIONS ? 1 : 0;
        assertEquals(committed.subList(0, Math.max(TRANSACTIONS - 1, found.size())), found);
        assertTrue(store.stats().tornBytesCut() > 0);
      } catch (StoreException expected) {
        assertTrue(expected.getMessage().contains("log-0"), expected.getMessage());
      }
    }
    String last = segments().get(segments().size() - 1);
    int zeros = unclosed.content(last).length - (closed.content(last).length - CLOSE_BYTES);
    assertEquals(LONG ? zeros * Byte.SIZE : zeros, writtenAhead);
  }

  @Test
  void withAnIndexDamagedBytesAreNeverServedAndACheckFindsThem() throws IOException {
    Map<ObjectId, Revision> written = readAll(closed);
    assertEquals(TRANSACTIONS, written.size());
    for (MemoryStorageDirectory flipped : new Flips(closed, true)) {
      try {
        assertEquals(written, readAll(flipped));
      } catch (StoreException expected) {
        assertTrue(expected.getMessage().contains("log-0"), expected.getMessage());
      }
      boolean found;
      try {
        StoreCheck check = StoreCheck.run(flipped);
        found = !check.damages().isEmpty() || check.tornBytes() > 0;
      } catch (StoreException damage) {
        found = true;
      }
      assertTrue(found);
    }
  }

  @Test
  void aLogCutShortIsSaidToBeSoWhileItsIndexIsThere() throws IOException {
    for (String name : segments()) {
      int size = closed.content(name).length;
      for (int length = 0; length < size; length += LONG ? 1 : 13) {
        MemoryStorageDirectory cut = closed.copy();
        cut.put(name, java.util.Arrays.copyOf(closed.content(name), length));
        StoreException failure =
            org.junit.jupiter.api.Assertions.assertThrows(
                StoreException.Truncated.class, () -> LocalObjectStore.openReadOnly(cut));
        assertTrue(failure.getMessage().contains("memory"), failure.getMessage());
      }
    }
  }

  private static Map<ObjectId, Revision> readAll(MemoryStorageDirectory directory)
      throws IOException {
    try (LocalObjectStore store = LocalObjectStore.openReadOnly(directory);
        StoreSnapshot snapshot = store.snapshot()) {
      store.transactions(TransactionRange.newest(99));
      return snapshot.get(snapshot.ids(ObjectId.ROOTS, 99));
    }
  }

  private static List<TransactionId> transactions(LocalObjectStore store) {
    return store.transactionIds(TransactionRange.after(TransactionId.NONE, 99));
  }

  private List<String> segments() {
    return closed.list().stream().filter(name -> name.endsWith(".seg")).toList();
  }

  /** The directory with one bit of one segment flipped: each in turn, or one of each byte. */
  private final class Flips implements Iterable<MemoryStorageDirectory> {
    private final MemoryStorageDirectory original;

    Flips(MemoryStorageDirectory directory, boolean withIndex) {
      original = directory.copy();
      if (!withIndex) {
        original.delete("index");
      }
    }

    @Override
    public java.util.Iterator<MemoryStorageDirectory> iterator() {
      return segments().stream()
          .flatMap(
              name -> {
                byte[] content = content(name);
                return java.util.stream.IntStream.range(0, content.length * Byte.SIZE)
                    .filter(bit -> LONG || bit % Byte.SIZE == bit / Byte.SIZE % Byte.SIZE)
                    .mapToObj(
                        bit -> {
                          byte[] flipped = content.clone();
                          flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
                          MemoryStorageDirectory directory = original.copy();
                          directory.put(name, flipped);
                          return directory;
                        });
              })
          .iterator();
    }

    private byte[] content(String name) {
      try {
        return original.content(name);
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
