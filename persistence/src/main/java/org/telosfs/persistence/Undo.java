package org.telosfs.persistence;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Takes back transactions by one more: newest first, each object that is as the transaction left it
 * becomes what it was before, and one that was changed later is merged if its prototype names a
 * resolver. So transactions that build on each other can be undone together, and one whose effect
 * was restored by an earlier undo can be undone too.
 */
final class Undo {

  private static final int HISTORY_AT_ONCE = 256;

  private final ObjectStore store;
  private final StateMerge merge;
  private final NavigableSet<TransactionId> undone;

  /** By object; of the roots object all names together. */
  private final SortedMap<ObjectId, UndoOutcome.Obstacle> obstacles = new TreeMap<>();

  /** What comes back, by object id or root name. */
  private final Map<Object, Returned> returned = new HashMap<>();

  /** What goes since the undone transactions created it, whoever refers to it. */
  private final Set<ObjectId> removed = new HashSet<>();

  /** What something that comes back refers to, and the transaction by which it was lost. */
  private record Returned(List<ObjectId> references, TransactionId lost) {}

  private Undo(ObjectStore store, NavigableSet<TransactionId> undone, StateMerge merge) {
    this.store = store;
    this.merge = merge;
    this.undone = undone;
  }

  /** Tries until no other transaction comes between. */
  static UndoOutcome run(
      ObjectStore store,
      Collection<TransactionId> transactions,
      TransactionMetadata metadata,
      StateMerge merge)
      throws IOException {
    while (true) {
      Undo undo = new Undo(store, new TreeSet<>(transactions), merge);
      try (StoreTransaction transaction = store.begin()) {
        undo.takeBack(transaction);
        if (!undo.obstacles.isEmpty()) {
          return new UndoOutcome.Refused(List.copyOf(undo.obstacles.values()));
        }
        if (transaction.commit(metadata) instanceof CommitOutcome.Committed committed) {
          return new UndoOutcome.Undone(committed.id());
        }
      }
    }
  }

  private void takeBack(StoreTransaction transaction) throws IOException {
    for (TransactionId id : undone.descendingSet()) {
      takeBack(transaction, id);
    }
    requireReferences(transaction);
  }

  private void takeBack(StoreTransaction transaction, TransactionId id) throws IOException {
    List<CommittedTransaction> found = store.transactions(TransactionRange.only(id));
    if (found.isEmpty()) {
      throw new IllegalArgumentException("there is no transaction " + id);
    }
    List<ObjectId> objects = new ArrayList<>(found.get(0).objects());
    boolean rootsToo = objects.remove(ObjectId.ROOTS);
    try (StoreSnapshot before = store.at(id.previous());
        StoreSnapshot after = store.at(id)) {
      takeBackObjects(transaction, id, before.get(objects), after.get(objects), objects);
      if (rootsToo) {
        takeBackRoots(transaction, id, before.roots(), after.roots());
      }
    }
  }

  private void takeBackObjects(
      StoreTransaction transaction,
      TransactionId id,
      Map<ObjectId, Revision> before,
      Map<ObjectId, Revision> after,
      List<ObjectId> objects)
      throws IOException {
    Map<ObjectId, Revision> now = transaction.get(objects);
    for (ObjectId object : objects) {
      Revision present = now.get(object);
      Revision left = after.get(object);
      Optional<ObjectPut> back = content(before.get(object));
      if (!content(present).equals(content(left))) {
        back = merged(transaction, left, present, back);
        if (back.isEmpty()) {
          obstacles.put(object, obstacle(object, id));
          continue;
        }
      }
      if (back.isPresent()) {
        transaction.put(back.get());
        returned.put(object, new Returned(back.get().references(), id));
        removed.remove(object);
      } else {
        transaction.delete(object);
        returned.remove(object);
        removed.add(object);
      }
    }
  }

  /** Takes a change out from under later ones, as a counter can; empty if that cannot be done. */
  private Optional<ObjectPut> merged(
      StoreTransaction transaction,
      @Nullable Revision left,
      @Nullable Revision present,
      Optional<ObjectPut> old) {
    return left == null || present == null || old.isEmpty()
        ? Optional.empty()
        : merge.merge(
            left.put(), present.put(), old.get(), id -> transaction.get(id).map(Revision::state));
  }

  private void takeBackRoots(
      StoreTransaction transaction,
      TransactionId id,
      SortedMap<String, ObjectId> before,
      SortedMap<String, ObjectId> after)
      throws IOException {
    SortedMap<String, ObjectId> now = transaction.roots();
    for (String name : names(before, after)) {
      ObjectId old = before.get(name);
      if (!Objects.equals(now.get(name), after.get(name))) {
        noteRoot(name, id);
      } else if (old == null) {
        transaction.removeRoot(name);
        returned.remove(name);
      } else {
        transaction.setRoot(name, old);
        returned.put(name, new Returned(List.of(old), id));
      }
    }
  }

  /** The names whose targets differ. */
  private static Set<String> names(
      SortedMap<String, ObjectId> before, SortedMap<String, ObjectId> after) {
    Set<String> names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    names.removeIf(name -> Objects.equals(before.get(name), after.get(name)));
    return names;
  }

  /** What comes back must not refer to what was deleted meanwhile. */
  private void requireReferences(StoreTransaction transaction) throws IOException {
    for (Returned back : returned.values()) {
      Set<ObjectId> missing = new TreeSet<>(back.references());
      missing.removeAll(transaction.get(back.references()).keySet());
      missing.removeAll(removed);
      TransactionId before = back.lost().previous();
      try (StoreSnapshot then = store.at(before)) {
        for (ObjectId object : then.changedBy(missing).keySet()) {
          obstacles.putIfAbsent(object, obstacle(object, before));
        }
      }
    }
  }

  private UndoOutcome.Obstacle obstacle(ObjectId object, TransactionId after) throws IOException {
    TransactionId later = later(object, after, transaction -> true);
    return new UndoOutcome.Obstacle(object, new TreeSet<>(), later);
  }

  private void noteRoot(String name, TransactionId after) throws IOException {
    TransactionId later =
        later(
            ObjectId.ROOTS,
            after,
            transaction -> {
              try (StoreSnapshot before = store.at(transaction.previous());
                  StoreSnapshot made = store.at(transaction)) {
                return names(before.roots(), made.roots()).contains(name);
              }
            });
    TreeSet<String> names = new TreeSet<>(Set.of(name));
    UndoOutcome.Obstacle known = obstacles.get(ObjectId.ROOTS);
    if (known != null) {
      names.addAll(known.roots());
      later = known.later().compareTo(later) > 0 ? known.later() : later;
    }
    obstacles.put(ObjectId.ROOTS, new UndoOutcome.Obstacle(ObjectId.ROOTS, names, later));
  }

  /** The newest transaction after that one which changed the object and is not undone here. */
  private TransactionId later(ObjectId object, TransactionId after, Changed changed)
      throws IOException {
    TransactionRange range =
        new TransactionRange(
            after.next(), TransactionId.MAX, TransactionRange.Order.NEWEST_FIRST, HISTORY_AT_ONCE);
    for (List<TransactionId> batch = store.history(object, range);
        !batch.isEmpty();
        batch = store.history(object, range)) {
      for (TransactionId id : batch) {
        if (!undone.contains(id) && changed.by(id)) {
          return id;
        }
      }
      range = range.beyond(batch.get(batch.size() - 1));
    }
    return after;
  }

  private interface Changed {
    boolean by(TransactionId transaction) throws IOException;
  }

  private static Optional<ObjectPut> content(@Nullable Revision revision) {
    return Optional.ofNullable(revision).map(Revision::put);
  }
}
