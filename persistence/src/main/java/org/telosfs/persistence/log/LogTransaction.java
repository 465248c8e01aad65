package org.telosfs.persistence.log;

import java.util.List;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;

/** What a transaction writes, in ascending order of ids. */
public record LogTransaction(
    TransactionId id, TransactionMetadata metadata, List<ObjectPut> puts, List<ObjectId> deletes) {
  public LogTransaction {
    puts = List.copyOf(puts);
    deletes = List.copyOf(deletes);
  }
}
