package org.telosfs.persistence;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a transaction has changed so far. Once there is a savepoint, each change leaves behind how
 * to take it back, so a savepoint costs nothing and going back costs what was changed since.
 */
final class ChangeSet {

  private final SortedMap<ObjectId, Optional<ObjectPut>> objects = new TreeMap<>();
  private final SortedMap<String, Optional<ObjectId>> roots = new TreeMap<>();

  /** How to take back each change since the oldest mark, the newest change first. */
  private final Deque<Runnable> takeBack = new ArrayDeque<>();

  /** The newest mark first. */
  private final Deque<Mark> marks = new ArrayDeque<>();

  /** A place to go back to; equal to itself alone. */
  static final class Mark {
    private final int changes;

    private Mark(int changes) {
      this.changes = changes;
    }
  }

  /** States by object, empty for a deletion; without the roots. */
  SortedMap<ObjectId, Optional<ObjectPut>> objects() {
    return objects;
  }

  /** Targets by name, empty for a removal. */
  SortedMap<String, Optional<ObjectId>> roots() {
    return roots;
  }

  void put(ObjectPut put) {
    change(objects, put.id(), Optional.of(put));
  }

  void delete(ObjectId id) {
    change(objects, id, Optional.empty());
  }

  /** Forgets a change of that object. */
  void forget(ObjectId id) {
    Optional<ObjectPut> before = objects.remove(id);
    if (before != null && !marks.isEmpty()) {
      takeBack.push(() -> objects.put(id, before));
    }
  }

  void root(String name, Optional<ObjectId> target) {
    change(roots, name, target);
  }

  Mark mark() {
    Mark mark = new Mark(takeBack.size());
    marks.push(mark);
    return mark;
  }

  /**
   * Takes back all changes since the mark, and ends all later marks.
   *
   * @throws IllegalStateException if an earlier mark was gone back to since
   */
  void backTo(Mark mark) {
    if (!marks.contains(mark)) {
      throw new IllegalStateException("the savepoint has ended: an earlier one was gone back to");
    }
    while (marks.peek() != mark) {
      marks.pop();
    }
    while (takeBack.size() > mark.changes) {
      takeBack.pop().run();
    }
  }

  private <K, V> void change(Map<K, Optional<V>> map, K key, Optional<V> value) {
    Optional<V> before = map.put(key, value);
    if (!marks.isEmpty()) {
      takeBack.push(before == null ? () -> map.remove(key) : () -> map.put(key, before));
    }
  }
}
