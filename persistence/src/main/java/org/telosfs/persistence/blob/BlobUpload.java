package org.telosfs.persistence.blob;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.BlobWriter;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.storage.AppendFile;
import org.telosfs.persistence.storage.StorageDirectory;

/** A blob that is written to a file without a lasting name, until a transaction gives it one. */
final class BlobUpload implements BlobWriter {

  /** So much is synced at once: a commit's sync must not wait for a whole blob. */
  private static final int SYNC_BYTES = 32 * 1024 * 1024;

  private final BlobStore store;
  private final StorageDirectory directory;
  private final UUID id;
  private final AppendFile file;
  private final MessageDigest sha256;
  private final CRC32C chunk = new CRC32C();
  private int[] checksums = new int[16];
  private int chunks;
  private long sizeBytes;
  private long unsynced;
  private boolean failed;

  private enum Stage {
    WRITING,
    FINISHED,
    LINKED,
    THROWN_AWAY
  }

  @GuardedBy("this")
  private Stage stage = Stage.WRITING;

  private volatile @Nullable Blob finished;

  BlobUpload(BlobStore store, StorageDirectory directory, UUID id) throws IOException {
    this.store = store;
    this.directory = directory;
    this.id = id;
    this.sha256 = sha256();
    this.file = directory.create(fileName());
  }

  UUID id() {
    return id;
  }

  private String fileName() {
    return id + BlobFormat.UNFINISHED;
  }

  @Override
  public synchronized void write(ByteBuffer bytes) throws IOException {
    if (stage != Stage.WRITING || failed) {
      throw new IllegalStateException("the blob takes no more bytes");
    }
    if (sizeBytes + bytes.remaining() > Blob.MAX_BYTES) {
      failed = true;
      throw new IOException("a blob has at most " + Blob.MAX_BYTES + " bytes");
    }
    int count = bytes.remaining();
    sha256.update(bytes.duplicate());
    checksum(bytes.duplicate());
    append(bytes);
    sizeBytes += count;
  }

  private void append(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    failed = true;
    file.append(bytes);
    unsynced += count;
    if (unsynced >= SYNC_BYTES) {
      file.sync();
      unsynced = 0;
    }
    failed = false;
  }

  private void checksum(ByteBuffer bytes) {
    long at = sizeBytes;
    while (bytes.hasRemaining()) {
      int room = BlobFormat.CHUNK_BYTES - (int) (at % BlobFormat.CHUNK_BYTES);
      int count = Math.min(room, bytes.remaining());
      chunk.update(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      at += count;
      if (count == room) {
        endChunk();
      }
    }
  }

  private void endChunk() {
    if (chunks == checksums.length) {
      checksums = Arrays.copyOf(checksums, chunks * 2);
    }
    checksums[chunks++] = (int) chunk.getValue();
    chunk.reset();
  }

  @Override
  public synchronized long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public synchronized Blob finish() throws IOException {
    Blob done = finished;
    if (done != null) {
      return done;
    }
    if (stage != Stage.WRITING || failed) {
      throw new IllegalStateException("the blob was thrown away or could not be written");
    }
    if (sizeBytes % BlobFormat.CHUNK_BYTES != 0) {
      endChunk();
    }
    done = new Blob(id, TransactionId.NONE, sizeBytes, ByteString.copyOf(sha256.digest()));
    ByteBuffer table = ByteBuffer.allocate(chunks * BlobFormat.CHECKSUM_BYTES);
    table.asIntBuffer().put(checksums, 0, chunks);
    CRC32C tableChecksum = new CRC32C();
    tableChecksum.update(table.duplicate());
    append(table);
    append(BlobFormat.trailer(done, (int) tableChecksum.getValue()));
    failed = true;
    file.sync();
    file.close();
    failed = false;
    checksums = new int[0];
    stage = Stage.FINISHED;
    finished = done;
    return done;
  }

  /** What {@link #finish} returned; null before. */
  @Nullable Blob finished() {
    return finished;
  }

  @Override
  public synchronized boolean linked() {
    return stage == Stage.LINKED;
  }

  /**
   * Gives the file its lasting name, which survives once the directory is synced.
   *
   * @return whether it did: not if the blob is not finished, linked already or thrown away
   */
  synchronized boolean link(ObjectId object, TransactionId transaction) throws IOException {
    if (stage != Stage.FINISHED) {
      return false;
    }
    directory.rename(fileName(), new BlobFormat.Name(object, transaction).fileName());
    stage = Stage.LINKED;
    return true;
  }

  /** Takes the lasting name away again: the transaction does not exist. */
  synchronized void unlink(ObjectId object, TransactionId transaction) throws IOException {
    stage = Stage.FINISHED;
    directory.rename(new BlobFormat.Name(object, transaction).fileName(), fileName());
  }

  @Override
  public synchronized void close() throws IOException {
    if (stage == Stage.LINKED || stage == Stage.THROWN_AWAY) {
      return;
    }
    boolean writing = stage == Stage.WRITING;
    stage = Stage.THROWN_AWAY;
    store.forget(this);
    try {
      if (writing) {
        file.close();
      }
    } finally {
      directory.delete(fileName());
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
