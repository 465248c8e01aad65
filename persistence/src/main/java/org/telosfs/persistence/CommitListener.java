package org.telosfs.persistence;

/**
 * Is told of every commit after it is durable and visible to new snapshots, and before the
 * committer is told: what a listener drops from a cache here, no client can see again after its
 * commit returned.
 *
 * <p>Called in the order of the transactions, by one thread at a time and under no lock. The next
 * commit waits for it, so a listener is quick or has a deadline of its own. It may read the store
 * and must not commit. What it throws is logged and changes nothing.
 */
@FunctionalInterface
public interface CommitListener {
  void committed(CommittedTransaction transaction);

  /**
   * Commits may have happened of which this listener is not told, anything may have changed: the
   * connection to a store in another process was lost for long. Of later ones it is told again.
   */
  default void missed() {}
}
