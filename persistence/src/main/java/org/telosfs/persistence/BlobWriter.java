package org.telosfs.persistence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A new blob: written from its beginning to its end, finished, and then linked by a transaction
 * that puts it with an object. Until a transaction that links it has committed it belongs to this
 * writer, so a transaction that met a conflict is tried again without writing the blob again.
 * Closing the writer throws a blob away that was not linked, and leaves alone one that was. Used by
 * one thread at a time.
 */
public interface BlobWriter extends AutoCloseable {

  /** What {@link #copyFrom} reads at a time. */
  int COPY_BYTES = 256 * 1024;

  /**
   * Appends all remaining bytes.
   *
   * @throws IOException if the medium refuses them, or the blob gets larger than {@link
   *     Blob#MAX_BYTES}; the blob can then only be thrown away
   */
  void write(ByteBuffer bytes) throws IOException;

  /** Appends all that the stream gives. */
  default void copyFrom(InputStream source) throws IOException {
    byte[] buffer = new byte[COPY_BYTES];
    for (int count = source.read(buffer); count >= 0; count = source.read(buffer)) {
      write(ByteBuffer.wrap(buffer, 0, count));
    }
  }

  /** How much was written so far. */
  long sizeBytes();

  /**
   * Makes the blob durable, though nobody can see it yet. What it returns is put with an object;
   * asked again it returns the same.
   */
  Blob finish() throws IOException;

  /** Whether a transaction has linked it, so that it is no longer this writer's. */
  boolean linked();

  @Override
  void close() throws IOException;
}
