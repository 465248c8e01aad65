package org.telosfs.persistence.index;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongPredicate;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.log.LoggedTransaction;

/**
 * All revisions of all objects in memory: 10 bytes a revision, or 14 where objects change often, 4
 * an object, and 8 to 16 a transaction. Transactions are counted; the state after the first {@code
 * n} of them is what a snapshot remembers, and what every question here names as {@code visible}.
 *
 * <p>One thread publishes, any number read. The lock is held for the time of a few array accesses,
 * in {@link #ids} for as many as there are ids in the range; no I/O happens under it.
 */
public final class ObjectIndex {

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Lock reading = lock.readLock();
  private final Lock writing = lock.writeLock();

  /** By revision, in the order of the log. */
  @GuardedBy("lock")
  private final LongColumn objects = new LongColumn();

  /** Log position. */
  @GuardedBy("lock")
  private final LongColumn positions = new LongColumn();

  /** The row of the object's revision before, or {@link NewestRevisions#NONE}. */
  @GuardedBy("lock")
  private final PreviousRevisions previous = new PreviousRevisions();

  @GuardedBy("lock")
  private final RowTransactions transactionOfRow = new RowTransactions();

  /** By transaction. */
  @GuardedBy("lock")
  private final LongColumn transactionIds = new LongColumn();

  @GuardedBy("lock")
  private final LongColumn commitPositions = new LongColumn();

  @GuardedBy("lock")
  private final NewestRevisions newest = new NewestRevisions();

  @GuardedBy("lock")
  private long existing;

  /** Where a revision lies. */
  public record Place(ObjectId object, TransactionId transaction, long position, boolean deleted) {}

  /** Makes a transaction visible; its id must be greater than the one before. */
  public void publish(LoggedTransaction transaction) {
    writing.lock();
    try {
      for (LoggedTransaction.Change change : transaction.changes()) {
        addRow(change.object().value(), change.position(), change.deleted());
      }
      endRows(transaction.id().epochNanos(), transaction.commitPosition());
    } finally {
      writing.unlock();
    }
  }

  /** As {@link #publish(LoggedTransaction)}, of a transaction that is in a copy on disk. */
  void publish(long id, long commitPosition, IndexedChanges changes) {
    writing.lock();
    try {
      for (int change = 0; change < changes.count(); change++) {
        addRow(changes.object(change), changes.position(change), changes.deleted(change));
      }
      endRows(id, commitPosition);
    } finally {
      writing.unlock();
    }
  }

  @GuardedBy("lock")
  private void addRow(long object, long position, boolean deleted) {
    int before = newest.get(object);
    boolean existed = before != NewestRevisions.NONE && !transactionOfRow.deleted(before);
    existing += (deleted ? 0 : 1) - (existed ? 1 : 0);
    newest.put(object, objects.size());
    objects.add(object);
    positions.add(position);
    previous.add(before);
    transactionOfRow.add(transactionIds.size(), deleted);
  }

  @GuardedBy("lock")
  private void endRows(long id, long commitPosition) {
    transactionIds.add(id);
    commitPositions.add(commitPosition);
  }

  /** How many transactions there are: the newest state. */
  public int transactionCount() {
    reading.lock();
    try {
      return transactionIds.size();
    } finally {
      reading.unlock();
    }
  }

  /** How many transactions are not newer than that one. */
  public int transactionsUpTo(TransactionId id) {
    reading.lock();
    try {
      return search(id.epochNanos());
    } finally {
      reading.unlock();
    }
  }

  /**
   * The last of the first {@code visible} transactions; {@link TransactionId#NONE} if that is none.
   */
  public TransactionId transaction(int visible) {
    reading.lock();
    try {
      return visible == 0 ? TransactionId.NONE : id(visible - 1);
    } finally {
      reading.unlock();
    }
  }

  /**
   * Where the object's revision in that state lies, a deletion included; empty if it had never
   * existed.
   */
  public Optional<Place> find(ObjectId object, int visible) {
    reading.lock();
    try {
      int row = visibleRow(object.value(), visible);
      return row == NewestRevisions.NONE ? Optional.empty() : Optional.of(place(row));
    } finally {
      reading.unlock();
    }
  }

  /** Where those objects lie that exist in that state, in their order; one lock for all. */
  public List<Place> existing(Collection<ObjectId> objects, int visible) {
    List<Place> places = new ArrayList<>(objects.size());
    reading.lock();
    try {
      for (ObjectId object : objects) {
        int row = visibleRow(object.value(), visible);
        if (row != NewestRevisions.NONE && !transactionOfRow.deleted(row)) {
          places.add(place(object, row));
        }
      }
      return places;
    } finally {
      reading.unlock();
    }
  }

  /** Whether a transaction after the first {@code visible} changed the object. */
  public boolean changedSince(ObjectId object, int visible) {
    reading.lock();
    try {
      int row = newest.get(object.value());
      return row != NewestRevisions.NONE && transactionOfRow.get(row) >= visible;
    } finally {
      reading.unlock();
    }
  }

  /** Those transactions of a range that changed an object. */
  public List<TransactionId> history(ObjectId object, TransactionRange range) {
    ArrayDeque<TransactionId> found = new ArrayDeque<>();
    reading.lock();
    try {
      for (int row = visibleRow(object.value(), search(range.newest().epochNanos()));
          row != NewestRevisions.NONE && range.contains(id(transactionOfRow.get(row)));
          row = previous.get(row)) {
        switch (range.order()) {
          case NEWEST_FIRST -> found.addLast(id(transactionOfRow.get(row)));
          case OLDEST_FIRST -> found.addFirst(id(transactionOfRow.get(row)));
        }
        if (found.size() > range.limit()) {
          found.removeLast();
          if (range.order() == TransactionRange.Order.NEWEST_FIRST) {
            break;
          }
        }
      }
      return List.copyOf(found);
    } finally {
      reading.unlock();
    }
  }

  /** Ids of objects that exist in that state, ascending, at most {@code limit}. */
  public List<ObjectId> ids(ObjectId first, LongPredicate accepted, int limit, int visible) {
    List<ObjectId> ids = new ArrayList<>();
    if (limit <= 0) {
      return ids;
    }
    reading.lock();
    try {
      newest.visit(
          first.value(),
          id -> {
            if (accepted.test(id) && exists(id, visible)) {
              ids.add(new ObjectId(id));
            }
            return ids.size() < limit;
          });
      return ids;
    } finally {
      reading.unlock();
    }
  }

  /** The transactions of a range, as they lie in the log. */
  public List<LoggedTransaction> transactions(TransactionRange range) {
    reading.lock();
    try {
      List<LoggedTransaction> found = new ArrayList<>();
      for (int number : numbers(range)) {
        found.add(logged(number));
      }
      return found;
    } finally {
      reading.unlock();
    }
  }

  /** The ids of the transactions of a range. */
  public List<TransactionId> transactionIds(TransactionRange range) {
    reading.lock();
    try {
      List<TransactionId> found = new ArrayList<>();
      for (int number : numbers(range)) {
        found.add(id(number));
      }
      return found;
    } finally {
      reading.unlock();
    }
  }

  /** Objects that exist now. */
  public long objectCount() {
    reading.lock();
    try {
      return existing;
    } finally {
      reading.unlock();
    }
  }

  /** Revisions, deletions included. */
  public int revisionCount() {
    reading.lock();
    try {
      return objects.size();
    } finally {
      reading.unlock();
    }
  }

  /** The greatest id that an object ever had; 0 if there was none. */
  public long greatestId() {
    reading.lock();
    try {
      return newest.greatestId();
    } finally {
      reading.unlock();
    }
  }

  public long memoryBytes() {
    reading.lock();
    try {
      return objects.memoryBytes()
          + positions.memoryBytes()
          + previous.memoryBytes()
          + transactionOfRow.memoryBytes()
          + transactionIds.memoryBytes()
          + commitPositions.memoryBytes()
          + newest.memoryBytes();
    } finally {
      reading.unlock();
    }
  }

  /** The newest transaction; empty if there is none. */
  public Optional<LoggedTransaction> lastTransaction() {
    reading.lock();
    try {
      int count = transactionIds.size();
      return count == 0 ? Optional.empty() : Optional.of(logged(count - 1));
    } finally {
      reading.unlock();
    }
  }

  /** The n-th transaction, from 0, whose first row is that one. */
  LoggedTransaction transactionAt(int number, int firstRow) {
    reading.lock();
    try {
      return logged(number, firstRow);
    } finally {
      reading.unlock();
    }
  }

  @GuardedBy("lock")
  private int visibleRow(long object, int visible) {
    int row = newest.get(object);
    while (row != NewestRevisions.NONE && transactionOfRow.get(row) >= visible) {
      row = previous.get(row);
    }
    return row;
  }

  @GuardedBy("lock")
  private boolean exists(long object, int visible) {
    int row = visibleRow(object, visible);
    return row != NewestRevisions.NONE && !transactionOfRow.deleted(row);
  }

  @GuardedBy("lock")
  private Place place(int row) {
    return place(new ObjectId(objects.get(row)), row);
  }

  @GuardedBy("lock")
  private Place place(ObjectId object, int row) {
    return new Place(
        object, id(transactionOfRow.get(row)), positions.get(row), transactionOfRow.deleted(row));
  }

  @GuardedBy("lock")
  private TransactionId id(int number) {
    return new TransactionId(transactionIds.get(number));
  }

  @GuardedBy("lock")
  private LoggedTransaction logged(int number) {
    return logged(number, transactionOfRow.firstRow(number));
  }

  @GuardedBy("lock")
  private LoggedTransaction logged(int number, int firstRow) {
    List<LoggedTransaction.Change> changes = new ArrayList<>();
    for (int row = firstRow; row < objects.size() && transactionOfRow.get(row) == number; row++) {
      Place place = place(row);
      changes.add(
          new LoggedTransaction.Change(
              place.object(), place.position(), place.deleted(), Optional.empty()));
    }
    return new LoggedTransaction(id(number), commitPositions.get(number), changes);
  }

  @GuardedBy("lock")
  private List<Integer> numbers(TransactionRange range) {
    int first = range.oldest().epochNanos() == 0 ? 0 : search(range.oldest().epochNanos() - 1);
    int end = search(range.newest().epochNanos());
    int count = Math.max(0, Math.min(end - first, range.limit()));
    List<Integer> numbers = new ArrayList<>(count);
    for (int at = 0; at < count; at++) {
      numbers.add(
          switch (range.order()) {
            case OLDEST_FIRST -> first + at;
            case NEWEST_FIRST -> end - 1 - at;
          });
    }
    return numbers;
  }

  /** How many transactions have that id or a smaller one. */
  @GuardedBy("lock")
  private int search(long id) {
    int low = 0;
    int high = transactionIds.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (transactionIds.get(middle) <= id) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
