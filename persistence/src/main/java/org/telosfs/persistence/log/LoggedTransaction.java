package org.telosfs.persistence.log;

import java.util.List;
import java.util.Optional;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;

/**
 * Where a transaction lies in the log.
 *
 * @param commitPosition the {@link LogPosition} of its commit record
 * @param changes the objects it changed, each with the position of its record
 */
public record LoggedTransaction(TransactionId id, long commitPosition, List<Change> changes) {
  public LoggedTransaction {
    changes = List.copyOf(changes);
  }

  /**
   * One changed object.
   *
   * @param blob what it holds, if the record was read or written now; empty if only the index was
   *     asked
   */
  public record Change(ObjectId object, long position, boolean deleted, Optional<Blob> blob) {}
}
