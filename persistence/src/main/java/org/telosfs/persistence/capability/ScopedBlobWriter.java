package org.telosfs.persistence.capability;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.BlobWriter;

/** A blob whose bytes are charged to a capability, and given back if it is thrown away. */
final class ScopedBlobWriter implements BlobWriter {
  private final BlobWriter writer;
  private final Authority authority;
  private Usage charged = Usage.NONE;
  private boolean closed;

  ScopedBlobWriter(BlobWriter writer, Authority authority) {
    this.writer = writer;
    this.authority = authority;
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    authority.require(Right.WRITE);
    Usage more = new Usage(bytes.remaining(), 0);
    authority.reserve(more);
    charged = charged.plus(more);
    writer.write(bytes);
  }

  @Override
  public long sizeBytes() {
    return writer.sizeBytes();
  }

  @Override
  public Blob finish() throws IOException {
    return writer.finish();
  }

  @Override
  public boolean linked() {
    return writer.linked();
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      writer.close();
    } finally {
      if (writer.linked()) {
        authority.used();
      } else {
        authority.giveBack(charged);
      }
    }
  }
}
