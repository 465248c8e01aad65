package org.telosfs.persistence.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that grows at its end; used by one thread at a time. */
public interface AppendFile extends Closeable {

  long sizeBytes() throws IOException;

  /** Appends all remaining bytes; if it fails, some of them may have been appended. */
  void append(ByteBuffer bytes) throws IOException;

  /** Cuts the file off after so many bytes; volatile until the next sync. */
  void truncate(long sizeBytes) throws IOException;

  /**
   * Makes all that was appended survive a loss of power. After a failure nobody knows what
   * survives, and a second sync that succeeds does not change that.
   */
  void sync() throws IOException;
}
