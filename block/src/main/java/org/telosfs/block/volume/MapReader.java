package org.telosfs.block.volume;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.Key;

/** Reading the map; an {@link IOException} is an unreadable or damaged node. */
public interface MapReader {
  /** The value of a key, not to be changed; null if it has none. */
  byte @Nullable [] get(Key key) throws IOException;

  /** The entry with the greatest key that is not above {@code key}. */
  @Nullable MapEntry floor(Key key) throws IOException;

  /** The entry with the least key that is not below {@code key}. */
  @Nullable MapEntry ceiling(Key key) throws IOException;

  /** The entries from one key up to another, or to the end if that is null. */
  MapCursor scan(Key fromInclusive, @Nullable Key toExclusive) throws IOException;
}
