package org.telosfs.persistence;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * A transaction that wants to commit.
 *
 * @param base the newest transaction it had seen
 * @param changes states by object, empty for a deletion; without the roots
 * @param rootChanges targets by name, empty for a removal
 * @param baseRoots the roots it had seen, if it changes one
 * @param current objects it only read and that must not have changed
 */
record CommitRequest(
    TransactionId base,
    SortedMap<ObjectId, Optional<ObjectPut>> changes,
    SortedMap<String, Optional<ObjectId>> rootChanges,
    Map<String, ObjectId> baseRoots,
    Set<ObjectId> current,
    TransactionMetadata metadata) {

  boolean isEmpty() {
    return changes.isEmpty() && rootChanges.isEmpty() && current.isEmpty();
  }
}
