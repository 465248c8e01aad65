package org.telosfs.persistence;

/** A listener's place in a store. */
public interface Subscription extends AutoCloseable {

  /** Ends it; a call that is under way may still arrive. A second close has no effect. */
  @Override
  void close();
}
