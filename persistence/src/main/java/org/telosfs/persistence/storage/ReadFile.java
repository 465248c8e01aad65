package org.telosfs.persistence.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file read at any place, by any number of threads. */
public interface ReadFile extends Closeable {

  long sizeBytes() throws IOException;

  /**
   * Fills the buffer from that place on, as far as the file goes.
   *
   * @return how many bytes were read; fewer than asked for only at the end of the file
   */
  int read(ByteBuffer into, long offsetBytes) throws IOException;
}
