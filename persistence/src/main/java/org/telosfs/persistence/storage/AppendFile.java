package org.telosfs.persistence.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that grows at its end; used by one thread at a time. */
public interface AppendFile extends Closeable {

  /** Behind what was appended last; what is reserved is not counted. */
  long sizeBytes() throws IOException;

  /** Appends all remaining bytes; if it fails, some of them may have been appended. */
  void append(ByteBuffer bytes) throws IOException;

  /**
   * Lets a sync of what is appended next write nothing but its bytes: fills the file with zeros
   * behind its end, so that it need not grow. Appends replace them; until then, and after a loss of
   * power or in a file opened anew, they are the file's last bytes. If it fails, some of them may
   * have been written. A file that need not care does nothing.
   */
  default void reserve(int bytes) throws IOException {}

  /** Cuts the file off after so many bytes and drops what is reserved; volatile until a sync. */
  void truncate(long sizeBytes) throws IOException;

  /**
   * Makes all that was appended survive a loss of power. After a failure nobody knows what
   * survives, and a second sync that succeeds does not change that.
   */
  void sync() throws IOException;
}
