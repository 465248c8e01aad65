package org.telosfs.block.volume;

/** Blocks that an owner will get, whatever others do meanwhile. Safe for threads. */
@SuppressWarnings("DoNotCallSuggester")
public final class Reservation implements AutoCloseable {
  Reservation() {}

  /** Blocks not yet taken or given back. */
  public long blocks() {
    throw new AssertionError();
  }

  /** Gives some of it back. */
  public void release(long blocks) {
    throw new AssertionError();
  }

  /** Moves some of it into a reservation of its own. */
  public Reservation split(long blocks) {
    throw new AssertionError();
  }

  /** Moves all of another one into this. */
  public void join(Reservation other) {
    throw new AssertionError();
  }

  /** Gives back what is left. */
  @Override
  public void close() {}
}
