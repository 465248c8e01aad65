package org.telosfs.persistence.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.CommitOutcome;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.StoreCheck;
import org.telosfs.persistence.StoreConfig;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.StoreTransaction;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.storage.CrashingStorageDirectory;
import org.telosfs.persistence.storage.CrashingStorageDirectory.Syncs;
import org.telosfs.persistence.storage.FailingStorageDirectory;
import org.telosfs.persistence.storage.MemoryStorageDirectory;
import org.telosfs.persistence.storage.StorageDirectory;

/** What goes, what stays, and that nothing else happens, whatever comes in between. */
class StorePackTest {

  private static final int SEGMENT_BYTES = 4096;
  private static final StoreConfig CONFIG = StoreConfig.DEFAULT.withSegmentBytes(SEGMENT_BYTES);
  private static final boolean LONG = Boolean.getBoolean("telosfs.long");
  private static final int SEEDS = LONG ? 100 : 4;
  private static final PackOptions ALL = PackOptions.keepingFrom(TransactionId.MAX);

  private final MemoryStorageDirectory platter = new MemoryStorageDirectory();

  @Test
  void oldRevisionsAndWhatCannotBeReachedGo() throws IOException {
    LocalObjectStore.create(platter);
    try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
      Garden garden = new Garden(store);
      TransactionId early = garden.grow(20);
      long before = store.stats().logBytes();
      PackReport foretold = store.pack().dryRun(ALL);
      assertEquals(before, store.stats().logBytes());
      assertFalse(foretold.applied());
      PackReport report = store.pack().run(ALL);
      assertEquals(foretold.revisionsGone(), report.revisionsGone());
      assertEquals(foretold.objectsGone(), report.objectsGone());
      assertTrue(report.objectsGone() >= 2 && report.bytesAfter() < report.bytesBefore() / 3);
      assertTrue(store.stats().logBytes() < before / 3, report.toString());
      garden.requireLiving(store);
      assertEquals(1, store.history(garden.kept).size());
      assertEquals(List.of(), store.history(garden.orphan));
      assertThrows(StoreException.PackedAway.class, () -> store.at(early));
      garden.change("after");
      garden.requireLiving(store);
    }
    assertEquals(List.of(), StoreCheck.run(platter).damages());
    for (boolean withIndex : new boolean[] {true, false}) {
      if (!withIndex) {
        platter.delete("index");
      }
      try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG);
          StoreSnapshot snapshot = store.snapshot()) {
        assertEquals(3, snapshot.ids(ObjectId.ROOTS, 99).size());
        assertEquals(0, store.stats().tornBytesCut());
        assertTrue(store.newIds(1).get(0).value() > 60, "ids are not given again");
        assertEquals(List.of(), store.pack().dryRun(ALL).dangling());
      }
    }
  }

  @Test
  void theTimeToKeepAndOpenSnapshotsHoldTheHorizonBack() throws IOException {
    LocalObjectStore.create(platter);
    try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
      Garden garden = new Garden(store);
      garden.grow(10);
      TransactionId middle = garden.change("middle");
      garden.change("later");
      TransactionId pinned;
      try (StoreSnapshot open = store.snapshot()) {
        pinned = open.transaction();
        garden.grow(10);
        PackReport report = store.pack().run(PackOptions.keepingFrom(middle));
        assertEquals(middle, report.horizon());
        try (StoreSnapshot kept = store.at(middle)) {
          assertEquals("middle", text(kept, garden.kept));
        }
        report = store.pack().run(ALL);
        assertEquals(pinned, report.horizon());
        assertEquals("later", text(open, garden.kept));
        assertThrows(StoreException.PackedAway.class, () -> store.at(middle));
      }
      assertTrue(store.pack().run(ALL).horizon().compareTo(pinned) > 0);
      assertThrows(StoreException.PackedAway.class, () -> store.at(pinned));
      garden.requireLiving(store);
    }
  }

  @Test
  void aReferenceThatLeadsNowhereIsNamedAndNothingIsPacked() throws IOException {
    LocalObjectStore.create(platter);
    try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
      Garden garden = new Garden(store);
      garden.grow(5);
      ObjectId lost = store.newIds(1).get(0);
      TransactionId by;
      try (StoreTransaction transaction = store.begin()) {
        transaction.put(new ObjectPut(garden.kept, ByteString.utf8("x"), List.of(lost)));
        by = transaction.commit(TransactionMetadata.NONE).orThrow();
      }
      long bytes = store.stats().logBytes();
      DanglingReferencesException refused =
          assertThrows(DanglingReferencesException.class, () -> store.pack().run(ALL));
      assertEquals(List.of(new DanglingReference(garden.kept, by, lost)), refused.references());
      assertEquals(bytes, store.stats().logBytes());
      assertTrue(store.pack().run(ALL.withDanglingAllowed()).revisionsGone() > 0);
    }
  }

  /** A commit slips in before each read of the pack, and links again what was about to go. */
  @Test
  void relinkedObjectSurvives() throws IOException {
    int survived = 0;
    int refused = 0;
    for (int reads = 0; reads < 60; reads++) {
      MemoryStorageDirectory medium = new MemoryStorageDirectory();
      InterruptedDirectory directory = new InterruptedDirectory(medium);
      LocalObjectStore.create(directory);
      try (LocalObjectStore store = LocalObjectStore.open(directory, CONFIG)) {
        Garden garden = new Garden(store);
        garden.grow(8);
        boolean[] linked = new boolean[1];
        boolean[] ran = new boolean[1];
        directory.before(
            reads,
            () -> {
              ran[0] = true;
              try (StoreTransaction transaction = store.begin()) {
                transaction.setRoot("again", garden.orphan);
                linked[0] =
                    transaction.commit(TransactionMetadata.NONE) instanceof CommitOutcome.Committed;
              } catch (IllegalStateException betweenCommits) {
                ran[0] = false; // where the pack keeps everybody out
              }
            });
        store.pack().run(ALL);
        try (StoreSnapshot snapshot = store.snapshot()) {
          assertEquals(linked[0], snapshot.get(garden.orphan).isPresent());
        }
        survived += linked[0] ? 1 : 0;
        refused += ran[0] && !linked[0] ? 1 : 0;
        assertEquals(List.of(), store.pack().dryRun(ALL).dangling());
        garden.requireLiving(store);
      }
      assertEquals(List.of(), StoreCheck.run(medium).damages());
    }
    assertTrue(survived > 1 && refused > 1, survived + " survived, " + refused + " refused");
  }

  @Test
  void resumesAfterACrashAtEveryStepAndNeverTakesMoreThanASegmentMore() throws IOException {
    LocalObjectStore.create(platter);
    Map<ObjectId, Optional<String>> expected;
    Garden garden;
    try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
      garden = new Garden(store);
      garden.grow(30);
      expected = garden.living(store);
    }
    CrashingStorageDirectory directory = new CrashingStorageDirectory(platter, Syncs.HONEST);
    try (LocalObjectStore store = LocalObjectStore.open(directory, CONFIG)) {
      store.pack().run(ALL);
    }
    long start = bytes(platter);
    int states = 0;
    for (int step = directory.firstStep(); step <= directory.stepCount(); step++) {
      long most = bytes(directory.afterPowerLoss(step, 1)) - start;
      assertTrue(most <= SEGMENT_BYTES + 1500, "step " + step + " takes " + most + " more");
      for (long seed = 0; seed < SEEDS; seed++) {
        String state = "step " + step + ", seed " + seed;
        MemoryStorageDirectory found = directory.afterPowerLoss(step, seed);
        try (LocalObjectStore store = LocalObjectStore.open(found, CONFIG)) {
          assertEquals(expected, garden.living(store), state);
          assertEquals(List.of(), StoreCheck.run(found).damages(), state);
          PackReport report = store.pack().run(ALL);
          assertEquals(expected, garden.living(store), state + report);
          try (StoreSnapshot snapshot = store.snapshot()) {
            assertEquals(3, snapshot.ids(ObjectId.ROOTS, 99).size(), state);
          }
        }
        assertFalse(found.list().contains(PackDecision.NAME), state);
        assertTrue(bytes(found) < start / 3, state + ": " + bytes(found) + " of " + start);
        assertEquals(List.of(), StoreCheck.run(found).damages(), state);
        states++;
      }
    }
    assertTrue(states > 100, states + " states");
  }

  @Test
  void whicheverAppendOrSyncAFullDiskRefusesThePackCanBeDoneAgain() throws IOException {
    for (int refused = 0; ; refused++) {
      MemoryStorageDirectory medium = new MemoryStorageDirectory();
      LocalObjectStore.create(medium);
      FailingStorageDirectory directory = new FailingStorageDirectory(medium);
      try (LocalObjectStore store = LocalObjectStore.open(directory, CONFIG)) {
        Garden garden = new Garden(store);
        garden.grow(10);
        directory.failAppendAfter(refused);
        IOException failure = null;
        try {
          store.pack().run(ALL);
        } catch (IOException e) {
          failure = e;
        }
        boolean failed = directory.appendFailed();
        directory.failAppendAfter(Integer.MAX_VALUE);
        garden.requireLiving(store);
        garden.change("goes on after " + failure);
        store.pack().run(ALL);
        garden.requireLiving(store);
        assertEquals(1, store.history(garden.kept).size());
        if (!failed) {
          assertTrue(refused > 10, refused + " appends");
          break;
        }
      }
      assertEquals(List.of(), StoreCheck.run(medium).damages());
    }
  }

  @Test
  void readersAndWritersGoOnWhileItRuns() throws Exception {
    LocalObjectStore.create(platter);
    try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
      Garden garden = new Garden(store);
      garden.grow(10);
      List<Throwable> failures = new ArrayList<>();
      Thread writer =
          new Thread(
              () -> {
                try {
                  for (int number = 0; !Thread.currentThread().isInterrupted(); number++) {
                    garden.change("number " + number);
                  }
                } catch (IOException | RuntimeException | Error e) {
                  failures.add(e);
                }
              });
      Thread reader =
          new Thread(
              () -> {
                try {
                  while (!Thread.currentThread().isInterrupted()) {
                    garden.requireLiving(store);
                  }
                } catch (IOException | RuntimeException | Error e) {
                  failures.add(e);
                }
              });
      writer.start();
      reader.start();
      long gone = 0;
      for (int times = 0; times < 30 || (gone <= 30 && writer.isAlive()); times++) {
        gone += store.pack().run(ALL).revisionsGone();
      }
      writer.interrupt();
      reader.interrupt();
      writer.join();
      reader.join();
      assertEquals(List.of(), failures);
      assertTrue(gone > 30, gone + " revisions");
    }
    assertEquals(List.of(), StoreCheck.run(platter).damages());
  }

  @Test
  void whatAReadOnlyStoreBesideItHasOpenIsReadFromThePackedSegments() throws IOException {
    LocalObjectStore.create(platter);
    try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
      Garden garden = new Garden(store);
      garden.grow(10);
      try (LocalObjectStore beside = LocalObjectStore.openReadOnly(platter)) {
        store.pack().run(ALL);
        garden.requireLiving(beside);
        assertThrows(StoreException.ReadOnly.class, () -> beside.pack().run(ALL));
      }
    }
  }

  @Test
  void aPackOfWhatIsPackedChangesNothing() throws IOException {
    LocalObjectStore.create(platter);
    try (LocalObjectStore store = LocalObjectStore.open(platter, CONFIG)) {
      assertEquals(0, store.pack().run(ALL).revisionsGone());
      Garden garden = new Garden(store);
      garden.grow(10);
      store.pack().run(ALL);
      MemoryStorageDirectory before = platter.copy();
      PackReport report = store.pack().run(ALL);
      assertEquals(0, report.segmentsRewritten());
      assertEquals(bytes(before), bytes(platter));
    }
  }

  /** Two objects that live, changed often, and several that do not. */
  private static final class Garden {
    private final LocalObjectStore store;
    private final ObjectId kept;
    private final ObjectId inner;
    private final ObjectId orphan;
    private volatile String text = "";

    Garden(LocalObjectStore store) throws IOException {
      this.store = store;
      List<ObjectId> ids = store.newIds(3);
      kept = ids.get(0);
      inner = ids.get(1);
      orphan = ids.get(2);
    }

    /** The first of so many changes. */
    TransactionId grow(int times) throws IOException {
      TransactionId first;
      try (StoreTransaction transaction = store.begin()) {
        transaction.put(new ObjectPut(inner, ByteString.utf8("inner"), List.of(kept)));
        transaction.put(new ObjectPut(orphan, ByteString.utf8("orphan"), List.of(inner)));
        transaction.put(new ObjectPut(kept, ByteString.utf8(text), List.of(inner)));
        transaction.setRoot("kept", kept);
        transaction.setRoot("orphan", orphan);
        first = transaction.commit(TransactionMetadata.NONE).orThrow();
      }
      for (int number = 0; number < times; number++) {
        ObjectId weed = store.newIds(3).get(0);
        try (StoreTransaction transaction = store.begin()) {
          transaction.put(new ObjectPut(weed, ByteString.utf8("weed".repeat(100)), List.of(inner)));
          transaction.commit(TransactionMetadata.of("garden", "grows")).orThrow();
        }
        try (StoreTransaction transaction = store.begin()) {
          if (number % 2 == 0) {
            transaction.delete(weed);
          }
          transaction.put(new ObjectPut(kept, ByteString.utf8("g" + number), List.of(inner)));
          transaction.commit(TransactionMetadata.NONE).orThrow();
          text = "g" + number;
        }
      }
      try (StoreTransaction transaction = store.begin()) {
        transaction.removeRoot("orphan");
        transaction.commit(TransactionMetadata.NONE).orThrow();
      }
      return first;
    }

    TransactionId change(String to) throws IOException {
      try (StoreTransaction transaction = store.begin()) {
        transaction.put(new ObjectPut(kept, ByteString.utf8(to), List.of(inner)));
        TransactionId id = transaction.commit(TransactionMetadata.NONE).orThrow();
        text = to;
        return id;
      }
    }

    Map<ObjectId, Optional<String>> living(LocalObjectStore from) throws IOException {
      Map<ObjectId, Optional<String>> living = new TreeMap<>();
      try (StoreSnapshot snapshot = from.snapshot()) {
        for (ObjectId id : List.of(kept, inner)) {
          living.put(id, Optional.of(StorePackTest.text(snapshot, id)));
        }
        assertEquals(Set.of("kept"), snapshot.roots().keySet());
        assertEquals(kept, snapshot.roots().get("kept"));
      }
      return living;
    }

    void requireLiving(LocalObjectStore from) throws IOException {
      try (StoreSnapshot snapshot = from.snapshot()) {
        Map<ObjectId, ?> found = snapshot.get(List.of(kept, inner));
        assertEquals(Set.of(kept, inner), found.keySet());
        assertEquals(kept, snapshot.roots().get("kept"));
        assertEquals(
            snapshot.transaction(),
            from.transactionIds(TransactionRange.newestUpTo(snapshot.transaction(), 1)).get(0));
      }
    }
  }

  private static String text(StoreSnapshot snapshot, ObjectId id) throws IOException {
    return new String(
        snapshot.get(id).orElseThrow().state().toByteArray(),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  private static long bytes(StorageDirectory directory) throws IOException {
    long bytes = 0;
    for (String name : directory.list()) {
      bytes += name.equals("index") ? 0 : directory.read(name).sizeBytes();
    }
    return bytes;
  }
}
