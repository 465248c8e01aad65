package org.telosfs.persistence.capability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.BlobWriter;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.CommitOutcome;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.storage.MemoryStorageDirectory;

class CapabilityTest {
  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
  private static final Restrictions READ_ONLY =
      new Restrictions.Builder().rights(EnumSet.of(Right.READ)).build();

  @TempDir Path path;
  private Instant now = NOON;
  private CapabilityRegistry registry;
  private LocalObjectStore store;

  @BeforeEach
  void open() throws IOException {
    MemoryStorageDirectory directory = new MemoryStorageDirectory();
    LocalObjectStore.create(directory);
    store = LocalObjectStore.open(directory, StoreConfig.DEFAULT);
    registry = CapabilityRegistry.open(path.resolve("capabilities"), clock());
  }

  @AfterEach
  void close() throws IOException {
    registry.close();
    store.close();
  }

  private InstantSource clock() {
    return () -> now;
  }

  private Authority admit(Token token) throws CapabilityRefusedException {
    return registry.admit(Token.parse(token.secretText()), "user 7, process 8");
  }

  private ObjectStore storeFor(Restrictions restrictions) throws IOException {
    return new ScopedStore(store, admit(registry.grant("", restrictions)));
  }

  private void refused(Token token) {
    assertEquals(
        CapabilityRefusedException.Reason.NONE,
        assertThrows(CapabilityRefusedException.class, () -> admit(token)).reason());
  }

  @Test
  void attenuationNeverWidens() throws IOException {
    Token whole = registry.grant("all", Restrictions.NONE);
    Token weaker = whole.attenuated(READ_ONLY);
    Token again = weaker.attenuated(Restrictions.NONE);
    assertTrue(admit(whole).allows(Right.WRITE));
    assertFalse(admit(weaker).allows(Right.WRITE));
    assertFalse(admit(again).allows(Right.WRITE));
    assertTrue(admit(again).allows(Right.READ));
    refused(new Token(weaker.id(), List.of(), weaker.signature()));
    refused(new Token(again.id(), again.added().subList(1, 2), again.signature()));
    refused(
        new Token(
            weaker.id(), List.of(RestrictionsCodec.encode(Restrictions.NONE)), weaker.signature()));
  }

  @Test
  void everyFlippedBitOfATokenIsRefused() throws IOException {
    byte[] text = registry.grant("all", Restrictions.NONE).attenuated(READ_ONLY).secretText();
    int accepted = 0;
    for (int at = 0; at < text.length; at++) {
      byte[] flipped = text.clone();
      flipped[at] ^= 1;
      try {
        Token token = Token.parse(flipped);
        if (!Arrays.equals(token.secretText(), text)) {
          refused(token);
        } else {
          accepted++;
        }
      } catch (IllegalArgumentException none) {
        assertFalse(
            String.valueOf(none.getMessage())
                .contains(new String(flipped, StandardCharsets.US_ASCII)));
      }
    }
    assertTrue(accepted <= 1, "only the unused bits of the last character mean nothing");
  }

  @Test
  void whatIsRevokedIsVoidWithAllThatWasMadeOfItAndStaysSo() throws IOException {
    Token one = registry.grant("one", Restrictions.NONE);
    Token other = registry.grant("other", Restrictions.NONE);
    Token weaker = one.attenuated(READ_ONLY);
    Token weakest = weaker.attenuated(READ_ONLY);
    Authority held = admit(weakest);
    assertTrue(registry.revoke(weaker));
    refused(weaker);
    refused(weakest);
    assertFalse(held.isValid());
    admit(one);
    assertTrue(registry.revoke(one.id()));
    assertFalse(registry.revoke(one.id()));
    refused(one);
    registry.close();
    registry = CapabilityRegistry.open(path.resolve("capabilities"), clock());
    refused(one);
    refused(weaker);
    admit(other);
    assertEquals(2, registry.list().size());
  }

  @Test
  void anExpiredOneIsVoid() throws IOException {
    Token token =
        registry
            .grant("", Restrictions.NONE)
            .attenuated(new Restrictions.Builder().expires(NOON.plusSeconds(60)).build());
    Authority held = admit(token);
    now = NOON.plusSeconds(60);
    assertFalse(held.isValid());
    refused(token);
  }

  @Test
  void noSecretIsInTheRegistrysFilesOrTexts() throws IOException {
    Token token = registry.grant("label", Restrictions.NONE);
    admit(token);
    String secret = new String(token.secretText(), StandardCharsets.US_ASCII);
    String hex = CapabilityRegistry.name(token.signature());
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path.resolve("capabilities"))) {
      for (Path file : files) {
        String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertFalse(content.contains(secret) || content.contains(hex), file.toString());
        assertEquals(
            PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
      }
    }
    assertFalse(token.toString().contains(hex) || token.toString().contains(secret));
    String audit = Files.readString(path.resolve("capabilities/audit.log"));
    assertTrue(audit.contains("admitted user 7, process 8"), audit);
  }

  @Test
  void whoMayOnlyReadWritesNothing() throws IOException {
    ObjectStore seen = storeFor(READ_ONLY);
    assertThrows(CapabilityRefusedException.class, seen::begin);
    assertThrows(CapabilityRefusedException.class, () -> seen.newIds(1));
    assertThrows(
        CapabilityRefusedException.class, () -> seen.undo(List.of(), TransactionMetadata.NONE));
    seen.snapshot().close();
  }

  @Test
  void aScopeShowsWhatItsRootReachesAndNothingElse() throws IOException {
    List<ObjectId> ids = store.newIds(4);
    ObjectId leaf = ids.get(0);
    ObjectId mine = ids.get(1);
    ObjectId foreign = ids.get(2);
    commit(Map.of("mine", mine, "foreign", foreign), put(leaf), put(mine, leaf), put(foreign));
    ObjectStore seen =
        storeFor(new Restrictions.Builder().roots(new TreeSet<>(List.of("mine"))).build());
    try (StoreSnapshot snapshot = seen.snapshot()) {
      assertEquals(Map.of("mine", mine), snapshot.roots());
      assertEquals(
          List.of(leaf, mine),
          snapshot.get(List.of(leaf, mine, foreign)).keySet().stream().sorted().toList());
      assertEquals(List.of(leaf, mine), snapshot.ids(ObjectId.ROOTS, 10));
      assertEquals(List.of(mine), snapshot.get(ObjectId.ROOTS).orElseThrow().references());
    }
    assertEquals(List.of(), seen.history(foreign));
    assertEquals(1, seen.history(mine).size());
    assertEquals(
        List.of(ObjectId.ROOTS, leaf, mine),
        seen.transactions(TransactionRange.newest(5)).get(0).objects());
    try (StoreTransaction transaction = seen.begin()) {
      assertRefused(() -> transaction.put(put(foreign)));
      assertRefused(() -> transaction.put(put(mine, foreign)));
      assertRefused(() -> transaction.setRoot("foreign", mine));
      assertRefused(() -> transaction.setRoot("mine", foreign));
      assertThrows(CapabilityRefusedException.class, () -> transaction.delete(foreign));
      ObjectId added = seen.newIds(1).get(0);
      transaction.put(List.of(put(added), put(mine, leaf, added)));
      transaction.commit(TransactionMetadata.NONE).orThrow();
      try (StoreSnapshot snapshot = seen.snapshot()) {
        assertTrue(snapshot.get(added).isPresent());
      }
    }
    commit(Map.of(), put(mine));
    try (StoreSnapshot snapshot = seen.snapshot()) {
      assertEquals(Optional.empty(), snapshot.get(leaf));
    }
  }

  private void assertRefused(Runnable work) {
    Throwable cause = assertThrows(java.io.UncheckedIOException.class, work::run).getCause();
    assertEquals(CapabilityRefusedException.class, cause.getClass());
  }

  @Test
  void anAsOfShowsThatStateForEver() throws IOException {
    ObjectId id = store.newIds(1).get(0);
    TransactionId first = commit(Map.of(), put(id));
    commit(Map.of(), put(id, id));
    ObjectStore seen = storeFor(new Restrictions.Builder().asOf(first).build());
    try (StoreSnapshot snapshot = seen.at(TransactionId.MAX)) {
      assertEquals(first, snapshot.transaction());
      assertEquals(List.of(), snapshot.get(id).orElseThrow().references());
    }
    assertEquals(List.of(first), seen.history(id));
    assertEquals(List.of(first), seen.transactionIds(TransactionRange.newest(9)));
    assertThrows(CapabilityRefusedException.class, seen::begin);
  }

  @Test
  void aQuotaIsKeptOverReopeningAndConflictsCostNothing() throws IOException {
    Token token =
        registry
            .grant("", Restrictions.NONE)
            .attenuated(new Restrictions.Builder().bytes(1000).objects(2).build());
    ObjectStore seen = new ScopedStore(store, admit(token));
    ObjectId id = seen.newIds(1).get(0);
    try (StoreTransaction loser = seen.begin()) {
      loser.put(put(id));
      commitTo(seen, put(id));
      assertEquals(
          CommitOutcome.Conflicted.class, loser.commit(TransactionMetadata.NONE).getClass());
    }
    registry.close();
    registry = CapabilityRegistry.open(path.resolve("capabilities"), clock());
    ObjectStore again = new ScopedStore(store, admit(token));
    commitTo(again, put(id));
    assertEquals(
        CapabilityRefusedException.Reason.QUOTA,
        assertThrows(CapabilityRefusedException.class, () -> commitTo(again, put(id))).reason());
  }

  @Test
  void theBytesOfABlobCountAndAreGivenBackIfItIsThrownAway() throws IOException {
    Token token =
        registry
            .grant("", Restrictions.NONE)
            .attenuated(new Restrictions.Builder().bytes(1000).build());
    ObjectStore seen = new ScopedStore(store, admit(token));
    try (BlobWriter writer = seen.newBlob()) {
      writer.write(ByteBuffer.allocate(900));
      assertEquals(
          CapabilityRefusedException.Reason.QUOTA,
          assertThrows(
                  CapabilityRefusedException.class, () -> writer.write(ByteBuffer.allocate(101)))
              .reason());
    }
    ObjectId id = seen.newIds(1).get(0);
    try (BlobWriter writer = seen.newBlob()) {
      writer.write(ByteBuffer.allocate(900));
      commitTo(seen, put(id).withBlob(Optional.of(writer.finish())));
    }
    try (BlobWriter writer = seen.newBlob()) {
      assertThrows(CapabilityRefusedException.class, () -> writer.write(ByteBuffer.allocate(101)));
    }
    try (StoreSnapshot snapshot = seen.snapshot();
        BlobReader reader = snapshot.openBlob(id).orElseThrow()) {
      assertEquals(900, reader.stream().readAllBytes().length);
    }
  }

  @Test
  void aBlobOutOfScopeIsNotRead() throws IOException {
    List<ObjectId> ids = store.newIds(2);
    TransactionId linked;
    try (BlobWriter writer = store.newBlob()) {
      writer.write(ByteBuffer.allocate(9));
      linked =
          commit(
              Map.of("hidden", ids.get(0), "shown", ids.get(1)),
              put(ids.get(0)).withBlob(Optional.of(writer.finish())),
              put(ids.get(1)));
    }
    Token token =
        registry.grant(
            "", new Restrictions.Builder().roots(new TreeSet<>(Set.of("shown"))).build());
    ObjectStore seen = new ScopedStore(store, admit(token));
    try (StoreSnapshot snapshot = seen.snapshot()) {
      assertEquals(Optional.empty(), snapshot.openBlob(ids.get(0)).map(BlobReader::blob));
    }
    assertEquals(Optional.empty(), seen.openBlob(ids.get(0), linked).map(BlobReader::blob));
  }

  private static void commitTo(ObjectStore to, ObjectPut put) throws IOException {
    try (StoreTransaction transaction = to.begin()) {
      transaction.put(put);
      transaction.commit(TransactionMetadata.NONE).orThrow();
    }
  }

  private static ObjectPut put(ObjectId id, ObjectId... references) {
    return new ObjectPut(id, ByteString.utf8("state"), List.of(references));
  }

  private TransactionId commit(Map<String, ObjectId> roots, ObjectPut... puts) throws IOException {
    try (StoreTransaction transaction = store.begin()) {
      transaction.put(List.of(puts));
      roots.forEach(transaction::setRoot);
      return transaction.commit(TransactionMetadata.NONE).orThrow();
    }
  }
}
