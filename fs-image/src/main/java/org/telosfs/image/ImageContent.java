package org.telosfs.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What an open file shows, which stays as it is. Any number of threads may read it. */
interface ImageContent extends Closeable {

  long sizeBytes();

  /** Reads from that place on, as far as the buffer and the content go. */
  int read(ByteBuffer into, long offsetBytes) throws IOException;

  /** Bytes in memory, which are not changed. */
  static ImageContent of(byte[] bytes) {
    return new ImageContent() {
      @Override
      public long sizeBytes() {
        return bytes.length;
      }

      @Override
      public int read(ByteBuffer into, long offsetBytes) {
        if (offsetBytes >= bytes.length) {
          return 0;
        }
        int count = (int) Math.min(into.remaining(), bytes.length - offsetBytes);
        into.put(bytes, (int) offsetBytes, count);
        return count;
      }

      @Override
      public void close() {}
    };
  }
}
