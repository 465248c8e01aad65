package org.telosfs.persistence.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.zip.CRC32C;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.BlobReader;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.storage.ReadFile;

/** A linked blob's file, open for reading. Whole chunks are read and held against the table. */
final class BlobFile implements BlobReader {

  /** At most so many bytes are read at once. */
  private static final int WINDOW_BYTES = 16 * BlobFormat.CHUNK_BYTES;

  private final ReadFile file;
  private final String name;
  private final BlobFormat.Trailer trailer;

  /** Each thread's memory to read into. */
  private static final ThreadLocal<ByteBuffer> WINDOWS =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(WINDOW_BYTES));

  private BlobFile(ReadFile file, String name, BlobFormat.Trailer trailer) {
    this.file = file;
    this.name = name;
    this.trailer = trailer;
  }

  static BlobFile open(ReadFile file, BlobFormat.Name name) throws IOException {
    try {
      String fileName = name.fileName();
      return new BlobFile(
          file, fileName, BlobFormat.Trailer.read(file, fileName, name.transaction()));
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public Blob blob() {
    return trailer.blob();
  }

  @Override
  public int read(ByteBuffer into, long offsetBytes) throws IOException {
    if (offsetBytes < 0) {
      throw new IllegalArgumentException("offset " + offsetBytes);
    }
    long end = Math.min(blob().sizeBytes(), offsetBytes + into.remaining());
    long at = offsetBytes;
    while (at < end) {
      long first = at / BlobFormat.CHUNK_BYTES;
      ByteBuffer window = verified(first, end);
      window.position((int) (at - first * BlobFormat.CHUNK_BYTES));
      int count = (int) Math.min(window.remaining(), end - at);
      into.put(window.limit(window.position() + count));
      at += count;
    }
    return (int) Math.max(0, end - offsetBytes);
  }

  /** Whole chunks from that one on, as far as they are wanted and the window goes. */
  private ByteBuffer verified(long firstChunk, long end) throws IOException {
    long start = firstChunk * BlobFormat.CHUNK_BYTES;
    long wanted = BlobFormat.chunks(end) * BlobFormat.CHUNK_BYTES;
    int count = (int) Math.min(WINDOW_BYTES, Math.min(wanted, blob().sizeBytes()) - start);
    int chunks = (int) BlobFormat.chunks(count);
    ByteBuffer table = ByteBuffer.allocate(chunks * BlobFormat.CHECKSUM_BYTES);
    readWhole(table, blob().sizeBytes() + firstChunk * BlobFormat.CHECKSUM_BYTES);
    ByteBuffer window = WINDOWS.get().clear().limit(count);
    readWhole(window, start);
    CRC32C crc = new CRC32C();
    for (int chunk = 0; chunk < chunks; chunk++) {
      int from = chunk * BlobFormat.CHUNK_BYTES;
      crc.reset();
      crc.update(window.slice(from, Math.min(BlobFormat.CHUNK_BYTES, count - from)));
      if ((int) crc.getValue() != table.getInt(chunk * BlobFormat.CHECKSUM_BYTES)) {
        throw BlobFormat.damaged(name, start + from, "a chunk of the blob has another checksum");
      }
    }
    return window.rewind();
  }

  private void readWhole(ByteBuffer into, long offsetBytes) throws IOException {
    if (file.read(into, offsetBytes) < into.limit()) {
      throw BlobFormat.damaged(name, offsetBytes, "the blob's file has become shorter");
    }
  }

  /** Reads all of it and holds it against its checksums and its hash. */
  void verify() throws IOException {
    MessageDigest sha256 = BlobUpload.sha256();
    ByteBuffer buffer = ByteBuffer.allocate(WINDOW_BYTES);
    CRC32C tableChecksum = new CRC32C();
    long tableEnd = blob().sizeBytes() + BlobFormat.chunks(blob().sizeBytes()) * 4;
    for (long at = blob().sizeBytes(); at < tableEnd; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(WINDOW_BYTES, tableEnd - at));
      readWhole(buffer, at);
      tableChecksum.update(buffer.flip());
    }
    if ((int) tableChecksum.getValue() != trailer.tableChecksum()) {
      throw BlobFormat.damaged(name, blob().sizeBytes(), "the blob's table is damaged");
    }
    for (long at = 0; at < blob().sizeBytes(); at += buffer.limit()) {
      buffer.clear();
      read(buffer, at);
      sha256.update(buffer.flip());
    }
    if (!ByteString.copyOf(sha256.digest()).equals(blob().sha256())) {
      throw BlobFormat.damaged(name, 0, "the blob has another hash");
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
