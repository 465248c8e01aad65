package org.telosfs.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.log.SegmentedLog;
import org.telosfs.persistence.storage.MemoryStorageDirectory;

/**
 * A store of version 1, byte for byte. The golden files are write-once: other bytes are another
 * version.
 */
class LogGoldenTest {

  private static final UUID LOG_ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678901234Z");
  private static final ObjectId FIRST = new ObjectId(2);
  private static final ObjectId SECOND = new ObjectId(3);

  @Test
  void aWriterMakesTheseBytes() throws IOException {
    MemoryStorageDirectory directory = new MemoryStorageDirectory();
    SegmentedLog.create(directory, LOG_ID);
    StoreConfig config = StoreConfig.DEFAULT.withClock(InstantSource.fixed(TIME));
    try (LocalObjectStore store = LocalObjectStore.open(directory, config)) {
      store.newIds(2);
      try (StoreTransaction transaction = store.begin()) {
        transaction.put(new ObjectPut(FIRST, ByteString.utf8("first"), List.of(SECOND)));
        transaction.put(new ObjectPut(SECOND, ByteString.EMPTY, List.of()));
        transaction.setRoot("root", FIRST);
        transaction
            .commit(TransactionMetadata.of("user", "grüße", new TreeMap<>(Map.of("key", "value"))))
            .orThrow();
      }
      try (StoreTransaction transaction = store.begin()) {
        transaction.delete(SECOND);
        transaction.commit(TransactionMetadata.NONE).orThrow();
      }
    }
    assertEquals(List.of("index", "log-00000001.seg"), directory.list());
    for (String name : directory.list()) {
      assertEquals(golden(name), wrapped(directory.content(name)), name);
    }
  }

  @Test
  void theseBytesAreRead() throws IOException {
    for (boolean withIndex : new boolean[] {true, false}) {
      MemoryStorageDirectory directory = new MemoryStorageDirectory();
      directory.put("log-00000001.seg", bytes("log-00000001.seg"));
      if (withIndex) {
        directory.put("index", bytes("index"));
      }
      try (LocalObjectStore store = LocalObjectStore.openReadOnly(directory);
          StoreSnapshot newest = store.snapshot();
          StoreSnapshot before = store.at(TransactionId.at(TIME))) {
        TransactionId first = TransactionId.at(TIME);
        TransactionId second = new TransactionId(first.epochNanos() + 1);
        assertEquals(Map.of("root", FIRST), newest.roots());
        assertEquals(List.of(ObjectId.ROOTS, FIRST), newest.ids(ObjectId.ROOTS, 9));
        assertEquals(
            new Revision(FIRST, first, ByteString.utf8("first"), List.of(SECOND), false),
            newest.get(FIRST).orElseThrow());
        assertEquals(ByteString.EMPTY, before.get(SECOND).orElseThrow().state());
        assertEquals(List.of(second, first), store.history(SECOND));
        assertEquals(
            TransactionMetadata.of("user", "grüße", new TreeMap<>(Map.of("key", "value"))),
            store.transactions(TransactionRange.only(first)).get(0).metadata());
        assertEquals(0, store.stats().tornBytesCut());
      }
    }
  }

  private static byte[] bytes(String name) throws IOException {
    return HexFormat.of().parseHex(golden(name).replace("\n", ""));
  }

  private static String golden(String name) throws IOException {
    try (InputStream golden =
        LogGoldenTest.class.getResourceAsStream("/golden/store-v1-" + name + ".hex")) {
      return new String(golden.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  /** Lines of 32 bytes. */
  private static String wrapped(byte[] bytes) {
    return HexFormat.of().formatHex(bytes).replaceAll("(.{64})|(.+)$", "$0\n");
  }
}
