package org.telosfs.pjdfstest.exerciser;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** The last operations, as they were done. */
final class History {
  private static final int KEPT = 100_000;

  private final Deque<Operation> operations = new ArrayDeque<>();

  void add(Operation operation) {
    operations.addLast(operation);
    if (operations.size() > KEPT) {
      operations.removeFirst();
    }
  }

  List<Operation> all() {
    return List.copyOf(operations);
  }

  /**
   * The last ones, at most {@code most}, that may have to do with a range, and the very last;
   * oldest first.
   */
  List<Operation> touching(int file, int from, int to, int most) {
    List<Operation> found = new ArrayList<>();
    Iterator<Operation> backwards = operations.descendingIterator();
    while (backwards.hasNext() && found.size() < most) {
      Operation operation = backwards.next();
      if (found.isEmpty() || operation.touches(file, from, to)) {
        found.add(operation);
      }
    }
    Collections.reverse(found);
    return found;
  }
}
