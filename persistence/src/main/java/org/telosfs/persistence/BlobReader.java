package org.telosfs.persistence;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A blob that is open for reading, at any place and by any number of threads. It stays readable
 * while it is open, whatever becomes of the object.
 */
public interface BlobReader extends Closeable {

  /** What {@link #stream} reads at a time. */
  int STREAM_BYTES = 256 * 1024;

  Blob blob();

  /**
   * Fills the buffer from that place on, as far as the blob goes; each byte has been held against
   * its checksum.
   *
   * @return how many bytes were read; fewer than asked for only at the end of the blob
   * @throws StoreException.Damaged if the bytes are not what was written
   */
  int read(ByteBuffer into, long offsetBytes) throws IOException;

  /** The blob from its beginning to its end. Closing the stream leaves the reader open. */
  default InputStream stream() {
    return new BlobStream(this);
  }
}
