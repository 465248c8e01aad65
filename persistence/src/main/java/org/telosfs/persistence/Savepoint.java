package org.telosfs.persistence;

import java.io.IOException;

/** A place in a running transaction to go back to. Ends with the transaction. */
public interface Savepoint {

  /**
   * Forgets what the transaction has changed since this savepoint was made: objects and roots.
   * Savepoints that were made later end; this one stays and may be gone back to again. What {@link
   * StoreTransaction#readCurrent} asked for stays asked for, since what was read may be the reason
   * to go back.
   *
   * @throws IllegalStateException if the savepoint or its transaction has ended
   */
  void rollback() throws IOException;
}
