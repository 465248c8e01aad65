package org.telosfs.persistence;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.LongPredicate;

/**
 * One committed state, unchanged while others commit. Any number of threads may read it. It costs
 * next to nothing to hold, but keeps old revisions from being packed away: close it.
 */
public interface StoreSnapshot extends AutoCloseable {

  /** The newest transaction it shows; {@link TransactionId#NONE} if the store was empty. */
  TransactionId transaction();

  /**
   * The objects' revisions in this state; those that do not exist in it are left out.
   *
   * @throws StoreException.Damaged if a revision's bytes are not what was written; nothing of the
   *     batch is returned
   */
  Map<ObjectId, Revision> get(Collection<ObjectId> ids) throws IOException;

  /** One object; where several are wanted, the batch is cheaper. */
  default Optional<Revision> get(ObjectId id) throws IOException {
    return Optional.ofNullable(get(List.of(id)).get(id));
  }

  /**
   * A hint that these objects are read soon, and what they refer to, and so on for so many steps.
   * Waits for nothing; without effect where reading is cheap.
   *
   * @param maxBytes of states, together
   */
  default void prefetch(Collection<ObjectId> ids, int steps, long maxBytes) throws IOException {}

  /**
   * Which of the objects exist, and since which transaction they are as they are; reads no state.
   */
  Map<ObjectId, TransactionId> changedBy(Collection<ObjectId> ids) throws IOException;

  /** The ids of the first {@code limit} existing objects from {@code first} on, ascending. */
  default List<ObjectId> ids(ObjectId first, int limit) throws IOException {
    return ids(first, id -> true, limit);
  }

  /**
   * As {@link #ids(ObjectId, int)}, of those only whose number the predicate accepts. The predicate
   * is a pure function: it runs while an index is held.
   */
  List<ObjectId> ids(ObjectId first, LongPredicate accepted, int limit) throws IOException;

  /**
   * The blob that the object holds in this state; empty if there is no such object, or it holds
   * none. Close it when done; it stays readable when this snapshot is closed.
   */
  Optional<BlobReader> openBlob(ObjectId id) throws IOException;

  /** The named objects, by name. */
  SortedMap<String, ObjectId> roots() throws IOException;

  @Override
  void close();
}
