package org.telosfs.block.volume;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.Key;

/** Signature only. */
@SuppressWarnings("DoNotCallSuggester")
public final class VolumeTransaction implements MapReader, AutoCloseable {
  VolumeTransaction() {}

  @Override
  public byte @Nullable [] get(Key key) throws IOException {
    throw new AssertionError();
  }

  @Override
  public @Nullable MapEntry floor(Key key) throws IOException {
    throw new AssertionError();
  }

  @Override
  public @Nullable MapEntry ceiling(Key key) throws IOException {
    throw new AssertionError();
  }

  @Override
  public MapCursor scan(Key fromInclusive, @Nullable Key toExclusive) throws IOException {
    throw new AssertionError();
  }

  /** Sets a value, which is not copied. */
  public void put(Key key, byte[] value) {
    throw new AssertionError();
  }

  /** Removes a key, if it is there. */
  public void delete(Key key) {
    throw new AssertionError();
  }

  /** Makes all changes visible at once and part of the open group. Does not write. */
  public void commit() throws IOException {
    throw new AssertionError();
  }

  /** Discards the transaction unless it was committed. */
  @Override
  public void close() {}
}
