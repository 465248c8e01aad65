package org.telosfs.persistence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A blob's content in order. */
final class BlobStream extends InputStream {

  private final BlobReader reader;
  private final ByteBuffer buffer = ByteBuffer.allocate(BlobReader.STREAM_BYTES).limit(0);
  private long offsetBytes;

  BlobStream(BlobReader reader) {
    this.reader = reader;
  }

  @Override
  public int read() throws IOException {
    return fill() ? Byte.toUnsignedInt(buffer.get()) : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(into, offset, count);
    return count;
  }

  private boolean fill() throws IOException {
    if (!buffer.hasRemaining()) {
      buffer.clear();
      offsetBytes += reader.read(buffer, offsetBytes);
      buffer.flip();
    }
    return buffer.hasRemaining();
  }
}
