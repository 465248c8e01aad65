package org.telosfs.persistence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The laws of an {@link ObjectStore}, whatever is behind it. */
public abstract class ObjectStoreContract {

  protected static final TransactionMetadata NOTHING_SAID = TransactionMetadata.NONE;

  protected ObjectStore store;

  /** A new, empty store. */
  protected abstract ObjectStore create() throws IOException;

  /** The store that was made last and has been closed, opened again. */
  protected abstract ObjectStore reopen() throws IOException;

  @BeforeEach
  void createStore() throws IOException {
    store = create();
  }

  @AfterEach
  void closeStore() throws IOException {
    store.close();
  }

  @Test
  void anEmptyStoreHasNoObjectsAndNoRoots() throws IOException {
    try (StoreSnapshot snapshot = store.snapshot()) {
      assertEquals(TransactionId.NONE, snapshot.transaction());
      assertEquals(List.of(), snapshot.ids(ObjectId.ROOTS, 10));
      assertEquals(Map.of(), snapshot.roots());
      assertEquals(Optional.empty(), snapshot.get(ObjectId.ROOTS));
    }
    assertEquals(List.of(), store.transactions(TransactionRange.newest(10)));
  }

  @Test
  void whatIsCommittedIsReadInBatchesWithItsReferences() throws IOException {
    List<ObjectId> ids = store.newIds(3);
    TransactionId committed =
        commit(put(ids.get(0), "a", ids.get(1)), put(ids.get(1), "b", ids.get(0), ids.get(2)));
    try (StoreSnapshot snapshot = store.snapshot()) {
      Map<ObjectId, Revision> found = snapshot.get(ids);
      assertEquals(Set.of(ids.get(0), ids.get(1)), found.keySet());
      assertEquals(
          Revision.of(put(ids.get(1), "b", ids.get(0), ids.get(2)), committed),
          found.get(ids.get(1)));
      assertEquals(committed, snapshot.transaction());
      assertEquals(Map.of(ids.get(0), committed, ids.get(1), committed), snapshot.changedBy(ids));
    }
  }

  @Test
  void emptyAndLargeStatesAreKept() throws IOException {
    List<ObjectId> ids = store.newIds(2);
    ByteString large = ByteString.copyOf(new byte[300_001]);
    commit(
        new ObjectPut(ids.get(0), ByteString.EMPTY, List.of()),
        new ObjectPut(ids.get(1), large, List.of()));
    assertEquals(ByteString.EMPTY, read(ids.get(0)).orElseThrow().state());
    assertEquals(large, read(ids.get(1)).orElseThrow().state());
  }

  @Test
  void newIdsAreNeverGivenTwiceAndNeverTheRoots() throws IOException {
    List<ObjectId> ids = new ArrayList<>(store.newIds(5));
    ids.addAll(store.newIds(5));
    assertEquals(10, Set.copyOf(ids).size());
    assertFalse(ids.contains(ObjectId.ROOTS));
    assertEquals(List.of(), store.newIds(0));
  }

  @Test
  void anIdThatWasCommittedIsNotGivenOutAgainAfterReopening() throws IOException {
    ObjectId id = store.newIds(7).get(6);
    commit(put(id, "a"));
    delete(id);
    reopenStore();
    assertTrue(store.newIds(1).get(0).compareTo(id) > 0);
  }

  @Test
  void anIdThatWasNotGivenOutIsRefused() throws IOException {
    try (StoreTransaction transaction = store.begin()) {
      assertThrows(
          IllegalArgumentException.class, () -> transaction.put(put(new ObjectId(4711), "a")));
      assertThrows(IllegalArgumentException.class, () -> transaction.put(put(ObjectId.ROOTS, "a")));
      assertThrows(IllegalArgumentException.class, () -> transaction.delete(ObjectId.ROOTS));
    }
  }

  @Test
  void aTransactionSeesItsOwnChangesAndNobodyElseDoes() throws IOException {
    ObjectId kept = newObject("old");
    ObjectId gone = newObject("gone");
    ObjectId added = store.newIds(1).get(0);
    try (StoreTransaction transaction = store.begin()) {
      transaction.put(List.of(put(kept, "new"), put(added, "added")));
      transaction.delete(gone);
      transaction.setRoot("name", added);
      Map<ObjectId, Revision> seen = transaction.get(List.of(kept, gone, added));
      assertEquals(Set.of(kept, added), seen.keySet());
      assertEquals(Revision.of(put(kept, "new"), TransactionId.NONE), seen.get(kept));
      assertEquals(Map.of("name", added), transaction.roots());
      assertEquals("old", text(kept));
      assertEquals("gone", text(gone));
      assertEquals(Optional.empty(), read(added));
    }
    assertEquals("old", text(kept));
  }

  @Test
  void aSnapshotStaysAsItWasWhileOthersCommit() throws IOException {
    ObjectId id = newObject("before");
    ObjectId doomed = newObject("doomed");
    try (StoreSnapshot snapshot = store.snapshot()) {
      commit(put(id, "after"));
      delete(doomed);
      ObjectId late = newObject("late");
      assertEquals(ByteString.utf8("before"), snapshot.get(id).orElseThrow().state());
      assertTrue(snapshot.get(doomed).isPresent());
      assertEquals(Optional.empty(), snapshot.get(late));
      assertEquals(List.of(id, doomed), snapshot.ids(ObjectId.ROOTS, 10));
    }
    assertEquals("after", text(id));
  }

  @Test
  void everyPastStateCanBeOpened() throws IOException {
    ObjectId id = store.newIds(1).get(0);
    TransactionId first = commit(put(id, "1"));
    TransactionId second = commit(put(id, "2"));
    TransactionId third = delete(id);
    assertEquals(Optional.empty(), textAt(new TransactionId(first.epochNanos() - 1), id));
    assertEquals(Optional.of("1"), textAt(first, id));
    assertEquals(Optional.of("1"), textAt(new TransactionId(second.epochNanos() - 1), id));
    assertEquals(Optional.of("2"), textAt(second, id));
    assertEquals(Optional.empty(), textAt(third, id));
    assertEquals(Optional.empty(), textAt(TransactionId.MAX, id));
    try (StoreSnapshot future = store.at(TransactionId.MAX)) {
      assertEquals(third, future.transaction());
    }
  }

  @Test
  void historyIsNewestFirstAndTellsEachRevision() throws IOException {
    ObjectId id = store.newIds(1).get(0);
    TransactionId first = commit(put(id, "1"));
    newObject("another");
    TransactionId second = delete(id);
    TransactionId third = commit(put(id, "3"));
    assertEquals(List.of(third, second, first), store.history(id));
    assertEquals(Revision.of(put(id, "1"), first), store.revision(id, first).orElseThrow());
    assertEquals(Revision.deletion(id, second), store.revision(id, second).orElseThrow());
    assertEquals(Optional.empty(), store.revision(id, new TransactionId(second.epochNanos() + 1)));
    assertEquals(List.of(), store.history(store.newIds(1).get(0)));
  }

  @Test
  void historyIsLimitedAndTakenFromAnyRange() throws IOException {
    ObjectId id = store.newIds(1).get(0);
    List<TransactionId> made = new ArrayList<>();
    for (int state = 0; state < 5; state++) {
      made.add(commit(put(id, "state " + state)));
      newObject("another");
    }
    assertEquals(List.of(made.get(4), made.get(3)), store.history(id, TransactionRange.newest(2)));
    assertEquals(
        List.of(made.get(0), made.get(1)),
        store.history(id, TransactionRange.after(TransactionId.NONE, 2)));
    assertEquals(
        made.subList(1, 4), store.history(id, TransactionRange.between(made.get(1), made.get(3))));
    assertEquals(
        List.of(made.get(1), made.get(0)),
        store.history(id, TransactionRange.newestUpTo(made.get(2).previous(), 9)));
    assertEquals(List.of(), store.history(id, TransactionRange.newest(0)));
  }

  @Test
  void everyTransactionOfARangeIsVisitedUntilTheVisitorHasEnough() throws IOException {
    ObjectId id = store.newIds(1).get(0);
    List<TransactionId> made = new ArrayList<>();
    for (int state = 0; state < ObjectStore.TRANSACTIONS_AT_ONCE + 5; state++) {
      made.add(commit(put(id, "state " + state)));
    }
    List<TransactionId> visited = new ArrayList<>();
    TransactionRange all = TransactionRange.between(TransactionId.NONE, TransactionId.MAX);
    store.visitTransactions(all, transaction -> visited.add(transaction.id()));
    assertEquals(made, visited);
    visited.clear();
    store.visitTransactions(
        all,
        transaction -> {
          visited.add(transaction.id());
          return visited.size() < 3;
        });
    assertEquals(made.subList(0, 3), visited);
    visited.clear();
    store.visitTransactions(
        TransactionRange.newest(ObjectStore.TRANSACTIONS_AT_ONCE + 2),
        transaction -> visited.add(transaction.id()));
    Collections.reverse(visited);
    assertEquals(made.subList(3, made.size()), visited);
  }

  @Test
  void aPastStateIsFoundByItsTime() throws IOException {
    ObjectId id = store.newIds(1).get(0);
    TransactionId first = commit(put(id, "1"));
    TransactionId second = commit(put(id, "2"));
    try (StoreSnapshot then = store.at(second.previous().time());
        StoreSnapshot later = store.at(second.time().plusSeconds(3600));
        StoreSnapshot before = store.at(Instant.EPOCH)) {
      assertEquals(first, then.transaction());
      assertEquals(second, later.transaction());
      assertEquals(TransactionId.NONE, before.transaction());
    }
  }

  @Test
  void aSavepointIsGoneBackToAgainAndAgain() throws IOException {
    ObjectId kept = newObject("old");
    ObjectId gone = newObject("gone");
    ObjectId added = store.newIds(1).get(0);
    try (StoreTransaction transaction = store.begin()) {
      transaction.put(put(kept, "1"));
      transaction.setRoot("kept", kept);
      Savepoint savepoint = transaction.savepoint();
      for (int times = 0; times < 2; times++) {
        transaction.put(List.of(put(kept, "2"), put(added, "added")));
        transaction.put(put(kept, "3"));
        transaction.delete(List.of(gone, added));
        transaction.removeRoot("kept");
        transaction.setRoot("other", gone);
        savepoint.rollback();
        assertEquals(
            Map.of(kept, "1", gone, "gone"), texts(transaction.get(List.of(kept, gone, added))));
        assertEquals(Map.of("kept", kept), transaction.roots());
      }
      transaction.put(put(added, "after all"));
      transaction.commit(NOTHING_SAID).orThrow();
      assertThrows(IllegalStateException.class, savepoint::rollback);
    }
    assertEquals("1", text(kept));
    assertEquals("gone", text(gone));
    assertEquals("after all", text(added));
    assertEquals(Map.of("kept", kept), roots());
  }

  @Test
  void goingBackToASavepointEndsTheLaterOnes() throws IOException {
    ObjectId id = newObject("old");
    try (StoreTransaction transaction = store.begin()) {
      Savepoint first = transaction.savepoint();
      transaction.put(put(id, "1"));
      Savepoint second = transaction.savepoint();
      transaction.put(put(id, "2"));
      second.rollback();
      assertEquals(Map.of(id, "1"), texts(transaction.get(List.of(id))));
      first.rollback();
      assertEquals(Map.of(id, "old"), texts(transaction.get(List.of(id))));
      assertThrows(IllegalStateException.class, second::rollback);
      first.rollback();
      assertEquals(TransactionId.NONE, transaction.commit(NOTHING_SAID).orThrow());
    }
  }

  @Test
  void whatMustBeCurrentStaysSoWhenASavepointIsGoneBackTo() throws IOException {
    ObjectId read = newObject("old");
    ObjectId written = newObject("old");
    try (StoreTransaction transaction = store.begin()) {
      Savepoint savepoint = transaction.savepoint();
      transaction.readCurrent(List.of(read));
      savepoint.rollback();
      transaction.put(put(written, "new"));
      commit(put(read, "changed"));
      assertEquals(new CommitOutcome.Conflicted(List.of(read)), transaction.commit(NOTHING_SAID));
    }
  }

  @Test
  void anUndoneTransactionAndAnUndoneUndoChangeBackWhatTheyChanged() throws IOException {
    ObjectId changed = newObject("old");
    ObjectId deleted = newObject("deleted");
    ObjectId created = store.newIds(1).get(0);
    TransactionId done;
    try (StoreTransaction transaction = store.begin()) {
      transaction.put(List.of(put(changed, "new", created), put(created, "created")));
      transaction.delete(deleted);
      transaction.setRoot("name", created);
      done = transaction.commit(NOTHING_SAID).orThrow();
    }
    List<ObjectId> all = List.of(changed, deleted, created);
    TransactionMetadata said = TransactionMetadata.of("ada", "back");
    TransactionId undone = store.undo(List.of(done), said).orThrow();
    assertEquals(Map.of(changed, "old", deleted, "deleted"), texts(all));
    assertEquals(Map.of(), roots());
    assertEquals(said, store.transactions(TransactionRange.only(undone)).get(0).metadata());
    TransactionId redone = store.undo(List.of(undone), said).orThrow();
    assertEquals(Map.of(changed, "new", created, "created"), texts(all));
    assertEquals(List.of(created), read(changed).orElseThrow().references());
    assertEquals(Map.of("name", created), roots());
    store.undo(List.of(undone, redone, done), said).orThrow();
    assertEquals(Map.of(changed, "old", deleted, "deleted"), texts(all));
  }

  @Test
  void anUndoIsRefusedWithEachObjectAndTheLaterTransaction() throws IOException {
    ObjectId one = newObject("old");
    ObjectId two = newObject("old");
    ObjectId three = newObject("old");
    TransactionId done;
    try (StoreTransaction transaction = store.begin()) {
      transaction.put(List.of(put(one, "new"), put(two, "new"), put(three, "new")));
      transaction.setRoot("kept", one);
      transaction.setRoot("taken", one);
      done = transaction.commit(NOTHING_SAID).orThrow();
    }
    TransactionId later = commit(put(one, "later"), put(two, "later"));
    TransactionId latest = delete(two);
    TransactionId root = setRoot("taken", two);
    assertEquals(
        new UndoOutcome.Refused(
            List.of(
                new UndoOutcome.Obstacle(ObjectId.ROOTS, new TreeSet<>(Set.of("taken")), root),
                new UndoOutcome.Obstacle(one, new TreeSet<>(), later),
                new UndoOutcome.Obstacle(two, new TreeSet<>(), latest))),
        store.undo(List.of(done), NOTHING_SAID));
    assertEquals("new", text(three));
    store.undo(List.of(later, latest, root, done), NOTHING_SAID).orThrow();
    assertEquals(Map.of(one, "old", two, "old", three, "old"), texts(List.of(one, two, three)));
    assertEquals(Map.of(), roots());
  }

  @Test
  void anUndoIsNotRefusedForWhatALaterUndoMadeAsItWas() throws IOException {
    ObjectId id = newObject("0");
    TransactionId first = commit(put(id, "1"));
    TransactionId second = commit(put(id, "2"));
    store.undo(List.of(second), NOTHING_SAID).orThrow();
    store.undo(List.of(first), NOTHING_SAID).orThrow();
    assertEquals("0", text(id));
  }

  @Test
  void anUndoIsRefusedIfWhatComesBackRefersToSomethingDeletedSince() throws IOException {
    ObjectId target = newObject("target");
    ObjectId holder = store.newIds(1).get(0);
    commit(put(holder, "holds", target));
    TransactionId dropped = commit(put(holder, "holds nothing"));
    TransactionId deleted = delete(target);
    assertEquals(
        new UndoOutcome.Refused(
            List.of(new UndoOutcome.Obstacle(target, new TreeSet<>(), deleted))),
        store.undo(List.of(dropped), NOTHING_SAID));
    store.undo(List.of(dropped, deleted), NOTHING_SAID).orThrow();
    assertEquals(List.of(target), read(holder).orElseThrow().references());
    assertEquals("target", text(target));
  }

  @Test
  void aTransactionThatDoesNotExistIsNotUndone() throws IOException {
    TransactionId first = commit(put(store.newIds(1).get(0), "1"));
    assertThrows(
        IllegalArgumentException.class, () -> store.undo(List.of(first.next()), NOTHING_SAID));
    assertEquals(TransactionId.NONE, store.undo(List.of(), NOTHING_SAID).orThrow());
  }

  @Test
  void theFirstOfTwoThatChangeOneObjectWins() throws IOException {
    ObjectId id = newObject("old");
    try (StoreTransaction first = store.begin();
        StoreTransaction second = store.begin()) {
      first.put(put(id, "first"));
      second.put(put(id, "second"));
      first.commit(NOTHING_SAID).orThrow();
      assertEquals(new CommitOutcome.Conflicted(List.of(id)), second.commit(NOTHING_SAID));
    }
    assertEquals("first", text(id));
  }

  @Test
  void aDeletionConflictsLikeAnyChange() throws IOException {
    ObjectId id = newObject("old");
    try (StoreTransaction first = store.begin();
        StoreTransaction second = store.begin()) {
      first.delete(id);
      second.put(put(id, "second"));
      first.commit(NOTHING_SAID).orThrow();
      assertInstanceOf(CommitOutcome.Conflicted.class, second.commit(NOTHING_SAID));
    }
    assertEquals(Optional.empty(), read(id));
  }

  @Test
  void whatWasOnlyReadConflictsIfItMustBeCurrent() throws IOException {
    ObjectId read = newObject("old");
    ObjectId written = newObject("old");
    try (StoreTransaction careless = store.begin();
        StoreTransaction careful = store.begin()) {
      careless.put(put(written, "careless"));
      careful.readCurrent(List.of(read));
      careful.put(put(store.newIds(1).get(0), "new"));
      commit(put(read, "changed"));
      careless.commit(NOTHING_SAID).orThrow();
      assertEquals(new CommitOutcome.Conflicted(List.of(read)), careful.commit(NOTHING_SAID));
    }
  }

  @Test
  void rootsOfDifferentNamesDoNotConflict() throws IOException {
    ObjectId a = newObject("a");
    ObjectId b = newObject("b");
    try (StoreTransaction first = store.begin();
        StoreTransaction second = store.begin();
        StoreTransaction third = store.begin()) {
      first.setRoot("a", a);
      second.setRoot("b", b);
      third.setRoot("a", b);
      first.commit(NOTHING_SAID).orThrow();
      second.commit(NOTHING_SAID).orThrow();
      assertEquals(
          new CommitOutcome.Conflicted(List.of(ObjectId.ROOTS)), third.commit(NOTHING_SAID));
    }
    assertEquals(Map.of("a", a, "b", b), roots());
    try (StoreTransaction transaction = store.begin()) {
      transaction.removeRoot("a");
      transaction.removeRoot("never was");
      transaction.commit(NOTHING_SAID).orThrow();
    }
    assertEquals(Map.of("b", b), roots());
    assertThrows(
        IllegalArgumentException.class,
        () -> {
          try (StoreTransaction transaction = store.begin()) {
            transaction.setRoot("", a);
          }
        });
  }

  @Test
  void theRootsAreAnObjectWithReferences() throws IOException {
    ObjectId a = newObject("a");
    try (StoreTransaction transaction = store.begin()) {
      transaction.setRoot("a", a);
      transaction.commit(NOTHING_SAID).orThrow();
    }
    assertEquals(List.of(a), read(ObjectId.ROOTS).orElseThrow().references());
  }

  @Test
  void anEmptyTransactionCommitsNothing() throws IOException {
    try (StoreTransaction transaction = store.begin()) {
      transaction.delete(store.newIds(1).get(0));
      assertEquals(TransactionId.NONE, transaction.commit(NOTHING_SAID).orThrow());
    }
    assertEquals(0, store.stats().transactions());
  }

  @Test
  void anAbortedTransactionLeavesNothing() throws IOException {
    ObjectId id = newObject("old");
    try (StoreTransaction transaction = store.begin()) {
      transaction.put(put(id, "new"));
      transaction.abort();
      assertThrows(IllegalStateException.class, () -> transaction.commit(NOTHING_SAID));
      assertThrows(IllegalStateException.class, () -> transaction.get(List.of(id)));
    }
    assertEquals("old", text(id));
  }

  @Test
  void transactionsGrowAndTellWhatTheySaid() throws IOException {
    Instant before = Instant.now();
    ObjectId id = store.newIds(1).get(0);
    TransactionMetadata said =
        TransactionMetadata.of("ada", "grüße", new TreeMap<>(Map.of("key", "value")));
    TransactionId first;
    try (StoreTransaction transaction = store.begin()) {
      transaction.put(put(id, "1"));
      first = transaction.commit(said).orThrow();
    }
    TransactionId second = commit(put(id, "2"));
    assertTrue(second.compareTo(first) > 0);
    assertFalse(first.time().plusSeconds(1).isBefore(before));
    assertEquals(
        List.of(
            new CommittedTransaction(second, NOTHING_SAID, List.of(id)),
            new CommittedTransaction(first, said, List.of(id))),
        store.transactions(TransactionRange.newest(10)));
    assertEquals(List.of(second), store.transactionIds(TransactionRange.newest(1)));
    assertEquals(
        List.of(first), store.transactionIds(TransactionRange.after(TransactionId.NONE, 1)));
    assertEquals(List.of(second), store.transactionIds(TransactionRange.after(first, 10)));
    assertEquals(List.of(first), store.transactionIds(TransactionRange.only(first)));
    assertEquals(List.of(), store.transactionIds(TransactionRange.after(second, 10)));
  }

  @Test
  void idsAreListedInOrderFromAnyPlace() throws IOException {
    List<ObjectId> ids = store.newIds(600);
    commit(ids.stream().map(id -> put(id, "x")).toArray(ObjectPut[]::new));
    delete(ids.get(300));
    List<ObjectId> existing = new ArrayList<>(ids);
    existing.remove(300);
    try (StoreSnapshot snapshot = store.snapshot()) {
      assertEquals(existing, snapshot.ids(ObjectId.ROOTS, Integer.MAX_VALUE));
      assertEquals(existing.subList(0, 5), snapshot.ids(ObjectId.ROOTS, 5));
      assertEquals(existing.subList(300, 310), snapshot.ids(ids.get(300), 10));
      assertEquals(
          existing.stream().filter(id -> (id.value() & 0xFF) == 7).toList(),
          snapshot.ids(ObjectId.ROOTS, id -> (id & 0xFF) == 7, 100));
      assertEquals(List.of(), snapshot.ids(ObjectId.MAX, 10));
    }
  }

  @Test
  void allIsThereAfterReopening() throws IOException {
    ObjectId id = newObject("1");
    ObjectId gone = newObject("gone");
    TransactionId second = commit(put(id, "2", gone));
    TransactionId third = delete(gone);
    try (StoreTransaction transaction = store.begin()) {
      transaction.setRoot("root", id);
      transaction.commit(NOTHING_SAID).orThrow();
    }
    for (int times = 0; times < 2; times++) {
      reopenStore();
      assertEquals(Revision.of(put(id, "2", gone), second), read(id).orElseThrow());
      assertEquals(Optional.empty(), read(gone));
      assertEquals(Map.of("root", id), roots());
      assertEquals(5, store.transactionIds(TransactionRange.newest(10)).size());
      assertEquals(third, store.history(gone).get(0));
    }
    commit(put(id, "3"));
    assertEquals("3", text(id));
  }

  @Test
  void aListenerIsToldInOrderBeforeTheCommitterAndSeesTheNewState() throws IOException {
    List<CommittedTransaction> told = Collections.synchronizedList(new ArrayList<>());
    Map<TransactionId, String> seen = new ConcurrentHashMap<>();
    ObjectId id = store.newIds(1).get(0);
    try (Subscription subscription =
        store.subscribe(
            transaction -> {
              told.add(transaction);
              seen.put(transaction.id(), uncheckedText(id));
            })) {
      TransactionId first = commit(put(id, "1"));
      assertEquals(List.of(new CommittedTransaction(first, NOTHING_SAID, List.of(id))), told);
      TransactionId second = commit(put(id, "2"));
      assertEquals(Map.of(first, "1", second, "2"), seen);
    }
    commit(put(id, "3"));
    assertEquals(2, told.size());
  }

  @Test
  void aListenerThatFailsDoesNoHarmAndOneThatCommitsIsRefused() throws IOException {
    ObjectId id = store.newIds(1).get(0);
    List<Exception> refused = Collections.synchronizedList(new ArrayList<>());
    try (Subscription subscription =
        store.subscribe(
            transaction -> {
              try {
                commit(put(id, "by the listener"));
              } catch (IOException | IllegalStateException e) {
                refused.add(e);
              }
              throw new IllegalStateException("a listener's fault");
            })) {
      commit(put(id, "1"));
    }
    assertInstanceOf(IllegalStateException.class, refused.get(0));
    assertEquals("1", text(id));
  }

  @Test
  void manyThreadsLoseNoUpdate() throws Exception {
    ObjectId counter = newObject("0");
    int threads = 4;
    int increments = 25;
    List<Thread> running = new ArrayList<>();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    for (int number = 0; number < threads; number++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  for (int done = 0; done < increments; done++) {
                    increment(counter);
                  }
                } catch (IOException | RuntimeException e) {
                  failures.add(e);
                }
              });
      thread.start();
      running.add(thread);
    }
    for (Thread thread : running) {
      thread.join();
    }
    assertEquals(List.of(), failures);
    assertEquals(String.valueOf(threads * increments), text(counter));
    assertEquals(threads * increments + 1, store.history(counter).size());
  }

  @Test
  void anInterruptedClientCommitsAndReadsAllTheSame() throws IOException {
    ObjectId id = newObject("0");
    Thread.currentThread().interrupt();
    try {
      commit(put(id, "1"));
      assertEquals("1", text(id));
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals("1", text(id));
  }

  @Test
  void aBlobIsWrittenLinkedAndReadInRanges() throws IOException {
    byte[] content = noise(200_003);
    ObjectId id = store.newIds(1).get(0);
    TransactionId linked;
    Blob blob;
    try (BlobWriter writer = store.newBlob()) {
      writer.write(ByteBuffer.wrap(content, 0, 70_000));
      writer.copyFrom(new ByteArrayInputStream(content, 70_000, content.length - 70_000));
      assertEquals(content.length, writer.sizeBytes());
      blob = writer.finish();
      assertEquals(blob, writer.finish());
      linked = commit(withBlob(id, "holder", blob));
    }
    Revision found = read(id).orElseThrow();
    assertEquals(Optional.of(blob.linkedBy(linked)), found.blob());
    assertEquals("holder", text(id));
    reopenStore();
    try (StoreSnapshot snapshot = store.snapshot();
        BlobReader reader = snapshot.openBlob(id).orElseThrow()) {
      assertEquals(blob.linkedBy(linked), reader.blob());
      assertArrayEquals(content, reader.stream().readAllBytes());
      for (int[] range :
          new int[][] {{0, 1}, {65_535, 2}, {65_536, 65_536}, {199_999, 4}, {1, 150_000}}) {
        ByteBuffer into = ByteBuffer.allocate(range[1]);
        assertEquals(range[1], reader.read(into, range[0]));
        assertArrayEquals(Arrays.copyOfRange(content, range[0], range[0] + range[1]), into.array());
      }
      ByteBuffer beyond = ByteBuffer.allocate(10);
      assertEquals(3, reader.read(beyond, 200_000));
      assertEquals(0, reader.read(beyond, 200_003));
      assertEquals(0, reader.read(beyond, 1L << 35));
    }
  }

  @Test
  void anEmptyBlobIsABlob() throws IOException {
    ObjectId id = newBlob(new byte[0]);
    assertArrayEquals(new byte[0], content(id));
    assertEquals(0, read(id).orElseThrow().blob().orElseThrow().sizeBytes());
  }

  @Test
  void aBlobThatNobodyLinksIsThrownAway() throws IOException {
    Blob blob;
    try (BlobWriter writer = store.newBlob()) {
      writer.write(ByteBuffer.allocate(1000));
      blob = writer.finish();
    }
    ObjectId id = store.newIds(1).get(0);
    try (StoreTransaction transaction = store.begin()) {
      assertThrows(
          IllegalArgumentException.class, () -> transaction.put(withBlob(id, "late", blob)));
    }
    try (BlobWriter writer = store.newBlob()) {
      writer.write(ByteBuffer.allocate(10));
    }
    assertEquals(Optional.empty(), read(id));
  }

  @Test
  void aBlobOutlivesAConflictAndIsLinkedAtTheNextTry() throws IOException {
    ObjectId id = newObject("first");
    try (BlobWriter writer = store.newBlob()) {
      writer.write(ByteBuffer.wrap(noise(5000)));
      Blob blob = writer.finish();
      try (StoreTransaction late = store.begin()) {
        commit(put(id, "meanwhile"));
        late.put(withBlob(id, "late", blob));
        assertInstanceOf(CommitOutcome.Conflicted.class, late.commit(NOTHING_SAID));
      }
      commit(withBlob(id, "again", blob));
      writer.close();
      assertTrue(writer.linked());
    }
    assertArrayEquals(noise(5000), content(id));
  }

  @Test
  void oldBlobsStayReadableAndAnUndoLinksThemAgain() throws IOException {
    ObjectId id = newBlob(noise(100_000));
    TransactionId first = store.history(id).get(0);
    TransactionId replaced;
    try (BlobWriter writer = store.newBlob()) {
      writer.write(ByteBuffer.wrap(noise(77)));
      replaced = commit(withBlob(id, "replaced", writer.finish()));
    }
    TransactionId dropped = commit(put(id, "without"));
    try (StoreSnapshot snapshot = store.snapshot()) {
      assertEquals(Optional.empty(), snapshot.openBlob(id).map(BlobReader::blob));
    }
    try (StoreSnapshot past = store.at(first);
        BlobReader reader = past.openBlob(id).orElseThrow()) {
      assertArrayEquals(noise(100_000), reader.stream().readAllBytes());
    }
    try (BlobReader reader = store.openBlob(id, replaced).orElseThrow()) {
      assertArrayEquals(noise(77), reader.stream().readAllBytes());
    }
    assertEquals(Optional.empty(), store.openBlob(id, dropped).map(BlobReader::blob));
    assertInstanceOf(UndoOutcome.Undone.class, store.undo(List.of(dropped), NOTHING_SAID));
    assertArrayEquals(noise(77), content(id));
    assertInstanceOf(UndoOutcome.Undone.class, store.undo(List.of(replaced), NOTHING_SAID));
    assertArrayEquals(noise(100_000), content(id));
    assertEquals(first, read(id).orElseThrow().blob().orElseThrow().transaction());
  }

  @Test
  void aBlobBelongsToOneObject() throws IOException {
    ObjectId owner = newBlob(noise(100));
    Blob blob = read(owner).orElseThrow().blob().orElseThrow();
    ObjectId other = newObject("other");
    assertThrows(StoreException.NotCommitted.class, () -> commit(withBlob(other, "thief", blob)));
    List<ObjectId> two = store.newIds(2);
    try (BlobWriter writer = store.newBlob()) {
      writer.write(ByteBuffer.wrap(noise(10)));
      Blob one = writer.finish();
      assertThrows(
          StoreException.NotCommitted.class,
          () -> commit(withBlob(two.get(0), "a", one), withBlob(two.get(1), "b", one)));
      assertEquals(Optional.empty(), read(two.get(0)));
      commit(withBlob(two.get(0), "a", one));
    }
    assertArrayEquals(noise(10), content(two.get(0)));
    commit(withBlob(owner, "changed", blob));
    assertArrayEquals(noise(100), content(owner));
    assertEquals("changed", text(owner));
  }

  @Test
  void aBlobStaysReadableWhileItIsOpen() throws IOException {
    ObjectId id = newBlob(noise(300_000));
    BlobReader reader;
    try (StoreSnapshot snapshot = store.snapshot()) {
      reader = snapshot.openBlob(id).orElseThrow();
    }
    delete(id);
    try (reader) {
      assertArrayEquals(noise(300_000), reader.stream().readAllBytes());
    }
  }

  @Test
  void aStateThatIsTooLargeIsRefusedAndTheWayOutIsNamed() throws IOException {
    ObjectId id = store.newIds(1).get(0);
    ByteString large = ByteString.copyOf(new byte[StateTooLargeException.MAX_STATE_BYTES + 1]);
    try (StoreTransaction transaction = store.begin()) {
      StateTooLargeException refused =
          assertThrows(
              StateTooLargeException.class,
              () -> transaction.put(new ObjectPut(id, large, List.of())));
      assertTrue(refused.getMessage().contains("blob"), refused.getMessage());
    }
  }

  /** Bytes that no compression and no mistake makes. */
  protected static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  protected static ObjectPut withBlob(ObjectId id, String state, Blob blob) {
    return put(id, state).withBlob(Optional.of(blob));
  }

  protected ObjectId newBlob(byte[] content) throws IOException {
    ObjectId id = store.newIds(1).get(0);
    try (BlobWriter writer = store.newBlob()) {
      writer.write(ByteBuffer.wrap(content));
      commit(withBlob(id, "blob", writer.finish()));
    }
    return id;
  }

  protected byte[] content(ObjectId id) throws IOException {
    try (StoreSnapshot snapshot = store.snapshot();
        BlobReader reader = snapshot.openBlob(id).orElseThrow()) {
      return reader.stream().readAllBytes();
    }
  }

  @Test
  void aClosedStoreAnswersNothing() throws IOException {
    store.close();
    assertThrows(IllegalStateException.class, () -> store.snapshot());
    assertThrows(IllegalStateException.class, () -> store.begin());
    store.close();
  }

  @Test
  void statsCount() throws IOException {
    ObjectId id = newObject("1");
    commit(put(id, "2"));
    delete(newObject("3"));
    StoreStats stats = store.stats();
    assertEquals(1, stats.objects());
    assertEquals(4, stats.revisions());
    assertEquals(4, stats.transactions());
    assertEquals(4, stats.commits());
    assertEquals(Optional.empty(), stats.writingEnded());
    assertEquals(0, stats.tornBytesCut());
  }

  protected static ObjectPut put(ObjectId id, String state, ObjectId... references) {
    return new ObjectPut(id, ByteString.utf8(state), List.of(references));
  }

  protected TransactionId commit(ObjectPut... puts) throws IOException {
    try (StoreTransaction transaction = store.begin()) {
      transaction.put(List.of(puts));
      return transaction.commit(NOTHING_SAID).orThrow();
    }
  }

  protected TransactionId delete(ObjectId id) throws IOException {
    try (StoreTransaction transaction = store.begin()) {
      transaction.delete(id);
      return transaction.commit(NOTHING_SAID).orThrow();
    }
  }

  protected TransactionId setRoot(String name, ObjectId target) throws IOException {
    try (StoreTransaction transaction = store.begin()) {
      transaction.setRoot(name, target);
      return transaction.commit(NOTHING_SAID).orThrow();
    }
  }

  protected ObjectId newObject(String state) throws IOException {
    ObjectId id = store.newIds(1).get(0);
    commit(put(id, state));
    return id;
  }

  protected Optional<Revision> read(ObjectId id) throws IOException {
    try (StoreSnapshot snapshot = store.snapshot()) {
      return snapshot.get(id);
    }
  }

  protected String text(ObjectId id) throws IOException {
    return text(read(id)).orElseThrow();
  }

  protected void reopenStore() throws IOException {
    store.close();
    store = reopen();
  }

  private String uncheckedText(ObjectId id) {
    try {
      return text(id);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Optional<String> textAt(TransactionId at, ObjectId id) throws IOException {
    try (StoreSnapshot snapshot = store.at(at)) {
      return text(snapshot.get(id));
    }
  }

  private static Optional<String> text(Optional<Revision> revision) {
    return revision.map(
        found -> new String(found.state().toByteArray(), java.nio.charset.StandardCharsets.UTF_8));
  }

  private static Map<ObjectId, String> texts(Map<ObjectId, Revision> revisions) {
    Map<ObjectId, String> texts = new TreeMap<>();
    revisions.forEach((id, found) -> texts.put(id, text(Optional.of(found)).orElseThrow()));
    return texts;
  }

  private Map<ObjectId, String> texts(List<ObjectId> ids) throws IOException {
    try (StoreSnapshot snapshot = store.snapshot()) {
      return texts(snapshot.get(ids));
    }
  }

  private Map<String, ObjectId> roots() throws IOException {
    try (StoreSnapshot snapshot = store.snapshot()) {
      return snapshot.roots();
    }
  }

  private void increment(ObjectId counter) throws IOException {
    CommitOutcome outcome;
    do {
      try (StoreTransaction transaction = store.begin()) {
        String now = text(transaction.get(counter)).orElseThrow();
        transaction.put(put(counter, String.valueOf(Integer.parseInt(now) + 1)));
        outcome = transaction.commit(NOTHING_SAID);
      }
    } while (outcome instanceof CommitOutcome.Conflicted);
  }
}
