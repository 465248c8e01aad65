package org.telosfs.persistence.capability;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.CommittedTransaction;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectStore;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.index.IdSet;

/**
 * What a capability reaches: all that can be walked to from its roots, along references. The set is
 * made once for a state and kept for the next one if nothing in it has changed but for the better.
 */
final class Scope {
  private static final int BATCH = 256;

  /** How many transactions are looked through before the set is made anew. */
  private static final int MAX_STEPS = 1024;

  private final ObjectStore store;
  private final List<SortedSet<String>> scopes;

  @GuardedBy("this")
  private @Nullable Reached newest;

  /** A set and the state it belongs to, one set for each scope. */
  private record Reached(TransactionId at, List<IdSet> sets, IdSet both) {}

  Scope(ObjectStore store, List<SortedSet<String>> scopes) {
    this.store = store;
    this.scopes = scopes;
  }

  /** Whether a root of that name is in it. */
  boolean contains(String root) {
    return scopes.stream().allMatch(names -> names.contains(root));
  }

  SortedMap<String, ObjectId> visible(SortedMap<String, ObjectId> roots) {
    SortedMap<String, ObjectId> visible = new TreeMap<>(roots);
    visible.keySet().removeIf(name -> !contains(name));
    return visible;
  }

  /** What is reached in that state. */
  synchronized IdSet reached(StoreSnapshot snapshot) throws IOException {
    Reached known = newest;
    if (known != null && known.at().equals(snapshot.transaction())) {
      return known.both();
    }
    Reached found = known == null ? null : grown(known, snapshot);
    if (found == null) {
      List<IdSet> sets = new ArrayList<>();
      for (SortedSet<String> names : scopes) {
        SortedMap<String, ObjectId> roots = new TreeMap<>(snapshot.roots());
        roots.keySet().retainAll(names);
        IdSet set = new IdSet();
        walk(snapshot, roots.values(), set);
        sets.add(set);
      }
      found = new Reached(snapshot.transaction(), sets, intersection(sets));
    }
    if (known == null || found.at().compareTo(known.at()) > 0) {
      newest = found;
    }
    return found.both();
  }

  private static IdSet intersection(List<IdSet> sets) {
    IdSet both = sets.get(0);
    for (IdSet set : sets.subList(1, sets.size())) {
      both = both.and(set);
    }
    return both;
  }

  /** Adds to the set what is reached from these. */
  private static void walk(StoreSnapshot snapshot, Collection<ObjectId> from, IdSet into)
      throws IOException {
    Deque<ObjectId> todo = new ArrayDeque<>();
    for (ObjectId id : from) {
      if (!id.equals(ObjectId.ROOTS) && into.add(id)) {
        todo.add(id);
      }
    }
    List<ObjectId> batch = new ArrayList<>();
    while (!todo.isEmpty()) {
      batch.clear();
      while (batch.size() < BATCH && !todo.isEmpty()) {
        batch.add(todo.remove());
      }
      for (Revision revision : snapshot.get(batch).values()) {
        for (ObjectId reference : revision.references()) {
          if (!reference.equals(ObjectId.ROOTS) && into.add(reference)) {
            todo.add(reference);
          }
        }
      }
    }
  }

  /**
   * The set of a later state, from that of an earlier one; null where it must be made anew, since a
   * reference or a root was taken away.
   */
  private @Nullable Reached grown(Reached known, StoreSnapshot snapshot) throws IOException {
    if (snapshot.transaction().compareTo(known.at()) < 0) {
      return null;
    }
    TransactionRange between =
        new TransactionRange(
            known.at().next(),
            snapshot.transaction(),
            TransactionRange.Order.OLDEST_FIRST,
            MAX_STEPS);
    List<CommittedTransaction> steps = store.transactions(between);
    if (steps.size() == MAX_STEPS) {
      return null;
    }
    Set<ObjectId> changed = new HashSet<>();
    steps.forEach(step -> changed.addAll(step.objects()));
    if (changed.contains(ObjectId.ROOTS)) {
      return null;
    }
    List<IdSet> sets = new ArrayList<>();
    for (IdSet set : known.sets()) {
      IdSet grown = grown(known.at(), set, changed, snapshot);
      if (grown == null) {
        return null;
      }
      sets.add(grown);
    }
    return new Reached(snapshot.transaction(), sets, intersection(sets));
  }

  private @Nullable IdSet grown(
      TransactionId at, IdSet set, Set<ObjectId> changed, StoreSnapshot snapshot)
      throws IOException {
    List<ObjectId> within = changed.stream().filter(id -> set.contains(id)).toList();
    if (within.isEmpty()) {
      return set;
    }
    Map<ObjectId, Revision> now = snapshot.get(within);
    Set<ObjectId> added = new HashSet<>();
    try (StoreSnapshot before = store.at(at)) {
      Map<ObjectId, Revision> then = before.get(within);
      for (ObjectId id : within) {
        Revision old = then.get(id);
        Revision young = now.get(id);
        Set<ObjectId> left = new HashSet<>(young == null ? List.of() : young.references());
        if (old != null && !left.containsAll(old.references())) {
          return null;
        }
        added.addAll(left);
      }
    }
    IdSet grown = set.copy();
    walk(snapshot, added, grown);
    return grown;
  }
}
