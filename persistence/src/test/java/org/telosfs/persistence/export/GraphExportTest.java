package org.telosfs.persistence.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.BlobWriter;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.object.ObjectState;
import org.telosfs.persistence.object.SlotValue;
import org.telosfs.persistence.object.StateCodec;
import org.telosfs.persistence.storage.MemoryStorageDirectory;

class GraphExportTest {
  private static final TransactionMetadata BY_US = TransactionMetadata.of("us", "import");

  private LocalObjectStore from = store();
  private LocalObjectStore to = store();

  private static LocalObjectStore store() {
    try {
      MemoryStorageDirectory directory = new MemoryStorageDirectory();
      LocalObjectStore.create(directory);
      return LocalObjectStore.open(directory, StoreConfig.DEFAULT);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void open() {
    from = store();
    to = store();
  }

  @AfterEach
  void close() throws IOException {
    from.close();
    to.close();
  }

  /** Commits objects whose first slot is their number and whose others refer to these numbers. */
  private List<ObjectId> garden(int[]... references) throws IOException {
    List<ObjectId> ids = from.newIds(references.length);
    try (StoreTransaction transaction = from.begin()) {
      for (int number = 0; number < references.length; number++) {
        ObjectState.Builder state = ObjectState.builder().slot("number", number);
        List<SlotValue> targets = new ArrayList<>();
        for (int target : references[number]) {
          targets.add(SlotValue.of(ids.get(target)));
        }
        state.slot(
            "targets", new SlotValue.Mapping(Map.of("all", new SlotValue.Sequence(targets))));
        if (number > 0) {
          state.prototype(ids.get(0));
        }
        transaction.put(StateCodec.put(ids.get(number), state.build()));
        transaction.setRoot("object-" + number, ids.get(number));
      }
      transaction.commit(TransactionMetadata.NONE).orThrow();
    }
    return ids;
  }

  private byte[] export(ObjectId... ids) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (StoreSnapshot snapshot = from.snapshot()) {
      GraphExport.run(snapshot, List.of(ids), out);
    }
    return out.toByteArray();
  }

  private GraphImport.Report load(byte[] file, String prefix) throws IOException {
    return GraphImport.run(to, new ByteArrayInputStream(file), "FILE", prefix, BY_US);
  }

  private ObjectState state(ObjectId id) throws IOException {
    try (StoreSnapshot snapshot = to.snapshot()) {
      return StateCodec.decode(snapshot.get(id).orElseThrow().state());
    }
  }

  @Test
  void whatCanBeReachedArrivesWithNewNumbersAndNothingElse() throws IOException {
    List<ObjectId> ids = garden(new int[] {}, new int[] {2, 1}, new int[] {1}, new int[] {1});
    to.newIds(1000);
    GraphImport.Report report = load(export(ids.get(1)), "");
    assertEquals(3, report.objects());
    assertEquals(List.of("object-0", "object-1", "object-2"), List.copyOf(report.roots().keySet()));
    ObjectId one = report.roots().get("object-1");
    ObjectId two = report.roots().get("object-2");
    assertNotEquals(ids.get(1), one);
    assertEquals(List.of(report.roots().get("object-0"), two, one), state(one).references());
    assertEquals(SlotValue.of(2), state(two).slot("number").orElseThrow());
    try (StoreSnapshot snapshot = to.snapshot()) {
      assertEquals(state(one).references(), snapshot.get(one).orElseThrow().references());
      assertEquals(
          BY_US,
          to.transactions(org.telosfs.persistence.TransactionRange.newest(1)).get(0).metadata());
    }
  }

  @Test
  void aRootThatIsThereIsNotReplacedAndAPrefixAvoidsIt() throws IOException {
    byte[] file = export(garden(new int[] {}).get(0));
    load(file, "");
    TransactionId before = to.stats().newest();
    RootTakenException taken = assertThrows(RootTakenException.class, () -> load(file, ""));
    assertTrue(String.valueOf(taken.getMessage()).contains("'object-0'"));
    assertEquals(before, to.stats().newest());
    assertEquals("old/object-0", load(file, "old/").roots().firstKey());
  }

  @Test
  void everyFlippedBitAndEveryCutIsFound() throws IOException {
    byte[] file = export(garden(new int[] {1}, new int[] {}).get(0));
    for (int at = 0; at < file.length; at++) {
      byte[] flipped = file.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      int place = at;
      assertThrows(IOException.class, () -> load(flipped, ""), () -> "byte " + place + " flipped");
      byte[] cut = java.util.Arrays.copyOf(file, at);
      assertThrows(IOException.class, () -> load(cut, ""), () -> "cut at " + place);
    }
    assertEquals(Map.of(), to.snapshot().roots());
  }

  @Test
  void whatRefersToNothingIsNotExported() throws IOException {
    ObjectId missing = new ObjectId(4711);
    assertThrows(DanglingExportException.class, () -> export(missing));
  }

  @Test
  void bytesOfAFormOfTheirOwnAreCopiedButNotLedElsewhere() throws IOException {
    List<ObjectId> ids = from.newIds(2);
    try (StoreTransaction transaction = from.begin()) {
      transaction.put(new ObjectPut(ids.get(0), ByteString.utf8("opaque"), List.of()));
      transaction.put(new ObjectPut(ids.get(1), ByteString.utf8("opaque"), List.of(ids.get(0))));
      transaction.setRoot("a", ids.get(0));
      transaction.commit(TransactionMetadata.NONE).orThrow();
    }
    ObjectId copied = load(export(ids.get(0)), "").roots().get("a");
    try (StoreSnapshot snapshot = to.snapshot()) {
      assertEquals(ByteString.utf8("opaque"), snapshot.get(copied).orElseThrow().state());
    }
    byte[] leading = export(ids.get(1));
    assertThrows(ExportFormatException.class, () -> load(leading, "b"));
  }

  @Test
  void aLargeGraphTakesSeveralTransactionsAndTheLastOneSetsTheRoots() throws IOException {
    Random random = new Random(1);
    List<ObjectId> ids = from.newIds(40);
    try (StoreTransaction transaction = from.begin()) {
      for (int number = 0; number < ids.size(); number++) {
        byte[] bytes = new byte[1 << 20];
        random.nextBytes(bytes);
        ObjectState.Builder state =
            ObjectState.builder().slot("bytes", new SlotValue.Bytes(ByteString.copyOf(bytes)));
        if (number > 0) {
          state.slot("previous", ids.get(number - 1));
        }
        transaction.put(StateCodec.put(ids.get(number), state.build()));
      }
      transaction.setRoot("last", ids.get(ids.size() - 1));
      transaction.commit(TransactionMetadata.NONE).orThrow();
    }
    GraphImport.Report report = load(export(ids.get(ids.size() - 1)), "");
    assertEquals(40, report.objects());
    assertEquals(3, to.stats().transactions());
    assertEquals(report.transaction(), to.stats().newest());
    ObjectId at = report.roots().get("last");
    for (int left = 40; left > 1; left--) {
      at = state(at).references().get(0);
    }
    assertEquals(List.of(), state(at).references());
  }

  @Test
  void blobsGoWithTheirObjectsOrAreFoundDamaged() throws IOException {
    byte[] content = new byte[700_000];
    new Random(2).nextBytes(content);
    ObjectId id = from.newIds(1).get(0);
    try (BlobWriter blob = from.newBlob();
        StoreTransaction transaction = from.begin()) {
      blob.write(ByteBuffer.wrap(content));
      ObjectPut put = new ObjectPut(id, ByteString.EMPTY, List.of());
      transaction.put(put.withBlob(Optional.of(blob.finish())));
      transaction.setRoot("film", id);
      transaction.commit(TransactionMetadata.NONE).orThrow();
    }
    byte[] file = export(id);
    for (int at = 200; at < file.length; at += 50_000) {
      byte[] flipped = file.clone();
      flipped[at] ^= 1;
      assertThrows(ExportFormatException.class, () -> load(flipped, "x"));
    }
    ObjectId film = load(file, "").roots().get("film");
    try (StoreSnapshot snapshot = to.snapshot();
        BlobReader blob = snapshot.openBlob(film).orElseThrow()) {
      assertArrayEquals(content, blob.stream().readAllBytes());
    }
  }

  /** These bytes are in the hands of users: a change needs a new version. */
  @Test
  void goldenFile() throws IOException {
    ObjectId id = from.newIds(1).get(0);
    try (StoreTransaction transaction = from.begin()) {
      transaction.put(new ObjectPut(id, ByteString.utf8("hi"), List.of(id)));
      transaction.setRoot("r", id);
      transaction.commit(TransactionMetadata.NONE).orThrow();
    }
    assertEquals(
        "5450455800010000000000000000000000000000a31aa0dc"
            + "00000016010000000000000002000000010000000000000002686996b7cfdd"
            + "000000090200000000000000027269823053"
            + "000000100300000000000000010000000000000001deb2738b",
        HexFormat.of().formatHex(export(id)));
  }
}
