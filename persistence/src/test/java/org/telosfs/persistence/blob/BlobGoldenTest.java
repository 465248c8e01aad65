package org.telosfs.persistence.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.BlobWriter;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.log.LogRecovery;
import org.telosfs.persistence.log.LogTransaction;
import org.telosfs.persistence.log.SegmentedLog;
import org.telosfs.persistence.storage.MemoryStorageDirectory;

/**
 * A blob's file of version 1 and the segment of version 3 that links it, byte for byte. The golden
 * files are write-once: other bytes are another version.
 */
class BlobGoldenTest {

  private static final UUID LOG_ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
  private static final UUID BLOB_ID = UUID.fromString("8a9b0c1d-2e3f-4051-a263-748596a7b8c9");
  private static final ObjectId OBJECT = new ObjectId(2);
  private static final TransactionId TRANSACTION = new TransactionId(1_767_323_045_678_901_234L);
  private static final ByteString STATE = ByteString.utf8("holder");
  private static final String SEGMENT = "log-00000002.seg";
  private static final String FILE = "0000000000000002-1886caf2450d67f2.blob";

  @Test
  void aWriterMakesTheseBytes() throws IOException {
    MemoryStorageDirectory directory = new MemoryStorageDirectory();
    write(directory);
    assertEquals(List.of(FILE), directory.directory(BlobStore.DIRECTORY).list());
    assertEquals(golden("blob-v1"), wrapped(directory.content(BlobStore.DIRECTORY + "/" + FILE)));
    assertEquals(golden("store-v3-" + SEGMENT), wrapped(directory.content(SEGMENT)));
  }

  @Test
  void theseBytesAreRead() throws IOException {
    MemoryStorageDirectory directory = new MemoryStorageDirectory();
    SegmentedLog.create(directory, LOG_ID);
    directory.put(SEGMENT, bytes("store-v3-" + SEGMENT));
    directory.put(BlobStore.DIRECTORY + "/" + FILE, bytes("blob-v1"));
    try (LocalObjectStore store = LocalObjectStore.openReadOnly(directory);
        StoreSnapshot snapshot = store.snapshot();
        BlobReader reader = snapshot.openBlob(OBJECT).orElseThrow()) {
      assertEquals(STATE, snapshot.get(OBJECT).orElseThrow().state());
      assertEquals(BLOB_ID, reader.blob().id());
      assertEquals(TRANSACTION, reader.blob().transaction());
      assertArrayEquals(content(), reader.stream().readAllBytes());
    }
  }

  private static void write(MemoryStorageDirectory directory) throws IOException {
    SegmentedLog.create(directory, LOG_ID);
    BlobStore blobs = new BlobStore(directory);
    Blob linked;
    try (BlobWriter writer = blobs.newBlob(BLOB_ID)) {
      writer.write(ByteBuffer.wrap(content()));
      linked = blobs.linking(TRANSACTION).link(OBJECT, writer.finish());
    }
    LogRecovery recovery = LogRecovery.open(directory);
    recovery.read(null, TransactionId.NONE, transaction -> {});
    try (SegmentedLog log = SegmentedLog.open(recovery, recovery.reader(), 1 << 20)) {
      log.append(
          new LogTransaction(
              TRANSACTION,
              TransactionMetadata.NONE,
              List.of(new ObjectPut(OBJECT, STATE, List.of(), Optional.of(linked))),
              List.of()));
    }
  }

  private static byte[] content() {
    return "a blob".getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(String name) throws IOException {
    return HexFormat.of().parseHex(golden(name).replace("\n", ""));
  }

  private static String golden(String name) throws IOException {
    try (InputStream golden =
        BlobGoldenTest.class.getResourceAsStream("/golden/" + name + ".hex")) {
      return new String(golden.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  /** Lines of 32 bytes. */
  private static String wrapped(byte[] bytes) {
    return HexFormat.of().formatHex(bytes).replaceAll("(.{64})|(.+)$", "$0\n");
  }
}
