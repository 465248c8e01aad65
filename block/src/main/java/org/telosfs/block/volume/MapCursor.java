package org.telosfs.block.volume;

import java.io.IOException;
import org.telosfs.block.Key;

/**
 * Walks entries in key order. It sees the map as it was when the cursor was made, or, where that
 * can no longer be read, as it is now ({@link VolumeView}); nothing needs to be closed. Used by one
 * thread.
 */
public interface MapCursor {
  /** Moves to the next entry; false at the end. */
  boolean next() throws IOException;

  /** The key of the entry moved to last. */
  Key key();

  /** Its value, not to be changed. */
  byte[] value();
}
