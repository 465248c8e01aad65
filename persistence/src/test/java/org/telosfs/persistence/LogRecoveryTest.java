package org.telosfs.persistence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.storage.MemoryStorageDirectory;

/** What is wrong with a log is said in words that tell what to do, and a torn tail is no fault. */
class LogRecoveryTest {

  private static final String FIRST = "log-00000001.seg";
  private static final String SECOND = "log-00000002.seg";
  private static final String THIRD = "log-00000003.seg";
  private static final StoreConfig CONFIG = StoreConfig.DEFAULT.withSegmentBytes(4096);
  private static final int VERSION_OFFSET = 12;
  private static final int CRC_OFFSET = 8;
  private static final int HEADER_BYTES = 80;

  private final MemoryStorageDirectory directory = new MemoryStorageDirectory();
  private List<ObjectId> ids = List.of();

  @BeforeEach
  void fillTwoSegments() throws IOException {
    LocalObjectStore.create(directory);
    try (LocalObjectStore store = LocalObjectStore.open(directory, CONFIG)) {
      ids = store.newIds(6);
      for (ObjectId id : ids) {
        commit(store, id);
      }
    }
    directory.delete("index");
    assertTrue(directory.list().contains(SECOND));
  }

  @Test
  void aTornTailIsCutAndReportedByWhoWrites() throws IOException {
    appendTo(SECOND, "not a record");
    try (LocalObjectStore store = LocalObjectStore.open(directory, CONFIG)) {
      assertEquals(12, store.stats().tornBytesCut());
      assertEquals(6, store.stats().transactions());
      commit(store, store.newIds(1).get(0));
    }
    try (LocalObjectStore store = LocalObjectStore.open(directory, CONFIG)) {
      assertEquals(0, store.stats().tornBytesCut());
      assertEquals(7, store.stats().transactions());
    }
  }

  @Test
  void aTornTailIsLeftAloneByWhoReads() throws IOException {
    appendTo(SECOND, "not a record");
    byte[] before = directory.content(SECOND);
    try (LocalObjectStore store = LocalObjectStore.openReadOnly(directory)) {
      assertEquals(12, store.stats().tornBytesCut());
      assertEquals(6, store.stats().transactions());
    }
    assertArrayEquals(before, directory.content(SECOND));
    assertEquals(12, StoreCheck.run(directory).tornBytes());
  }

  @Test
  void zerosWrittenAheadAreCutWithoutAWord() throws IOException {
    MemoryStorageDirectory killed;
    try (LocalObjectStore store = LocalObjectStore.open(directory, CONFIG)) {
      commit(store, store.newIds(1).get(0));
      killed = directory.copy();
    }
    killed.delete("index");
    assertTrue(killed.content(THIRD).length > directory.content(THIRD).length);
    assertEquals(0, StoreCheck.run(killed).tornBytes());
    try (LocalObjectStore store = LocalObjectStore.open(killed, CONFIG)) {
      assertEquals(0, store.stats().tornBytesCut());
      assertEquals(7, store.stats().transactions());
    }
    assertEquals(
        directory.content(THIRD).length, killed.content(THIRD).length, "closed in order by now");
  }

  @Test
  void bytesBeforeTheZerosAreATornTail() throws IOException {
    appendTo(SECOND, "not a record" + "\0".repeat(1000));
    assertEquals(16, StoreCheck.run(directory).tornBytes());
  }

  @Test
  void zerosWhereTheIndexKnowsATransactionAreALoss() throws IOException {
    LocalObjectStore.open(directory, CONFIG).close();
    assertTrue(directory.list().contains("index"));
    byte[] content = directory.content(SECOND);
    int last = new String(content, StandardCharsets.ISO_8859_1).indexOf("state of " + ids.get(5));
    Arrays.fill(content, last - 24 - 4, content.length, (byte) 0);
    directory.put(SECOND, content);
    refused(StoreException.Truncated.class, "committed transactions are missing");
    assertThrows(StoreException.Truncated.class, () -> StoreCheck.run(directory));
  }

  @Test
  void damageNamesSegmentPlaceAndObject() throws IOException {
    byte[] content = directory.content(FIRST);
    int at = new String(content, StandardCharsets.ISO_8859_1).indexOf("state of " + ids.get(1));
    content[at] ^= 1;
    directory.put(FIRST, content);
    StoreException.Damaged damage =
        assertThrows(StoreException.Damaged.class, () -> LocalObjectStore.open(directory, CONFIG));
    assertEquals(FIRST, damage.segment());
    assertEquals(at - 24 - 4, damage.offsetBytes());
    assertEquals(List.of(ids.get(1)), damage.objects());
    assertArrayEquals(content, directory.content(FIRST));
  }

  @Test
  void aCheckGoesOnBehindDamage() throws IOException {
    for (String name : List.of(FIRST, SECOND)) {
      byte[] content = directory.content(name);
      content[HEADER_BYTES + 30] ^= 1;
      directory.put(name, content);
    }
    assertEquals(
        List.of(FIRST, SECOND),
        StoreCheck.run(directory).damages().stream().map(StoreException.Damaged::segment).toList());
  }

  @Test
  void aMissingSegmentIsSaidToBeMissing() throws IOException {
    directory.delete(FIRST);
    refused(StoreException.Truncated.class, FIRST + " is missing");
  }

  @Test
  void aSegmentCutShortIsSaidToBeSo() throws IOException {
    directory.put(FIRST, Arrays.copyOf(directory.content(FIRST), 500));
    refused(StoreException.Truncated.class, "has 500 bytes instead of");
    directory.put(FIRST, Arrays.copyOf(directory.content(FIRST), 50));
    refused(StoreException.Truncated.class, "less than a segment's header");
  }

  @Test
  void bytesBehindASegmentThatIsFullAreDamage() throws IOException {
    appendTo(FIRST, "12345678");
    refused(StoreException.Damaged.class, "bytes follow the end of the segment");
  }

  @Test
  void aNewerVersionIsNotTouched() throws IOException {
    byte[] content = directory.content(FIRST);
    ByteBuffer header = ByteBuffer.wrap(content).putInt(VERSION_OFFSET, 5);
    CRC32C crc = new CRC32C();
    crc.update(content, 0, CRC_OFFSET);
    crc.update(content, VERSION_OFFSET, HEADER_BYTES - VERSION_OFFSET);
    header.putInt(CRC_OFFSET, (int) crc.getValue());
    directory.put(FIRST, content);
    refused(StoreException.TooNew.class, "version 5 is newer than 4");
    assertArrayEquals(content, directory.content(FIRST));
  }

  @Test
  void aFileThatIsNoSegmentIsNotOurs() throws IOException {
    directory.put(FIRST, "some other program's log file".getBytes(StandardCharsets.UTF_8));
    refused(StoreException.NotOurs.class, "no segment of an object log");
  }

  @Test
  void aSegmentOfAnotherLogIsDamage() throws IOException {
    MemoryStorageDirectory other = new MemoryStorageDirectory();
    LocalObjectStore.create(other);
    try (LocalObjectStore store = LocalObjectStore.open(other, CONFIG)) {
      for (ObjectId id : store.newIds(6)) {
        commit(store, id);
      }
    }
    directory.put(SECOND, other.content(SECOND));
    refused(StoreException.Damaged.class, "belongs to another log");
  }

  @Test
  void aCopyOfTheLogInsideAnObjectIsNotTakenForTheLog() throws IOException {
    ByteString log = ByteString.copyOf(directory.content(SECOND));
    try (LocalObjectStore store = LocalObjectStore.open(directory, StoreConfig.DEFAULT);
        StoreTransaction transaction = store.begin()) {
      transaction.put(new ObjectPut(ids.get(0), log, List.of()));
      transaction.commit(TransactionMetadata.NONE).orThrow();
    }
    directory.delete("index");
    byte[] whole = directory.content(SECOND);
    directory.put(SECOND, Arrays.copyOf(whole, whole.length - 100));
    try (LocalObjectStore store = LocalObjectStore.open(directory, CONFIG)) {
      assertEquals(6, store.stats().transactions());
    }
  }

  private void refused(Class<? extends StoreException> kind, String says) {
    StoreException failure = assertThrows(kind, () -> LocalObjectStore.open(directory, CONFIG));
    assertTrue(failure.getMessage().contains(says), failure.getMessage());
    assertThrows(kind, () -> LocalObjectStore.openReadOnly(directory));
  }

  private void appendTo(String name, String text) throws IOException {
    byte[] content = directory.content(name);
    byte[] longer = Arrays.copyOf(content, content.length + text.length());
    System.arraycopy(
        text.getBytes(StandardCharsets.US_ASCII), 0, longer, content.length, text.length());
    directory.put(name, longer);
  }

  private static void commit(LocalObjectStore store, ObjectId id) throws IOException {
    try (StoreTransaction transaction = store.begin()) {
      ByteString state = ByteString.utf8("state of " + id + "-".repeat(900));
      transaction.put(new ObjectPut(id, state, List.of()));
      transaction.commit(TransactionMetadata.NONE).orThrow();
    }
  }
}
