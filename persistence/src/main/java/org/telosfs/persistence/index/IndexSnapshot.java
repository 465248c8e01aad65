package org.telosfs.persistence.index;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.log.LogEnd;
import org.telosfs.persistence.log.LoggedTransaction;
import org.telosfs.persistence.storage.AppendFile;
import org.telosfs.persistence.storage.ReadFile;
import org.telosfs.persistence.storage.StorageDirectory;

/**
 * A copy of the index on disk: what the log held up to a place that was durable. The format,
 * version 1, big-endian:
 *
 * <pre>
 *   0  8 magic "TELOSIDX"      8  4 version        12  4 zero       16 16 log id
 *  32  4 segment of the place 36  4 zero           40  8 offset in it
 *  48 32 chain value there    80  8 transactions   88  8 revisions
 *  96    each transaction: its id:u64, its commit record's position:u64, its revisions:u32,
 *        each of them: object id:u64, position:u64 with the top bit set if deleted
 *  end 4 crc32c of all before
 * </pre>
 */
public final class IndexSnapshot {

  /** Its file. */
  public static final String NAME = "index";

  private static final System.Logger LOG = System.getLogger(IndexSnapshot.class.getName());

  private static final String UNFINISHED_NAME = NAME + ".tmp";
  private static final long MAGIC = 0x54454C4F53494458L; // "TELOSIDX"
  private static final int VERSION = 1;
  private static final int CHAIN_BYTES = 32;
  private static final int HEADER_BYTES = 96;
  private static final int TRANSACTION_BYTES = 2 * Long.BYTES + Integer.BYTES;
  private static final int REVISION_BYTES = 2 * Long.BYTES;
  private static final int BUFFER_BYTES = 1 << 20;
  private static final long DELETED = Long.MIN_VALUE;

  private final UUID logId;
  private final LogEnd covered;
  private final ObjectIndex index;

  private IndexSnapshot(UUID logId, LogEnd covered, ObjectIndex index) {
    this.logId = logId;
    this.covered = covered;
    this.index = index;
  }

  public UUID logId() {
    return logId;
  }

  /** Up to where it knows the log; all of that was durable when it was written. */
  public LogEnd covered() {
    return covered;
  }

  public ObjectIndex index() {
    return index;
  }

  /** How large its file would be. */
  public static long sizeBytes(ObjectIndex index) {
    return HEADER_BYTES
        + (long) TRANSACTION_BYTES * index.transactionCount()
        + (long) REVISION_BYTES * index.revisionCount()
        + Integer.BYTES;
  }

  /**
   * Writes one in place of the one there is. All of the log up to the place must be durable and
   * published, and nothing may be published meanwhile.
   */
  public static void write(
      StorageDirectory directory, UUID logId, LogEnd covered, ObjectIndex index)
      throws IOException {
    directory.delete(UNFINISHED_NAME);
    try (AppendFile file = directory.create(UNFINISHED_NAME)) {
      Writer writer = new Writer(file, sizeBytes(index));
      writer.header(logId, covered, index);
      int row = 0;
      for (int number = 0; number < index.transactionCount(); number++) {
        LoggedTransaction transaction = index.transactionAt(number, row);
        writer.transaction(transaction);
        row += transaction.changes().size();
      }
      writer.end();
      file.sync();
    }
    directory.rename(UNFINISHED_NAME, NAME);
    directory.sync();
  }

  /** The snapshot of the directory; empty if there is none or it is damaged, which is logged. */
  public static Optional<IndexSnapshot> read(StorageDirectory directory) throws IOException {
    try (ReadFile file = directory.read(NAME)) {
      return Optional.of(new Reader(file).read());
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (DamagedException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0}/{1} is read from the log again: {2}",
          directory.describe(),
          NAME,
          e.getMessage());
      return Optional.empty();
    }
  }

  private static ByteBuffer buffer(long fileBytes) {
    return ByteBuffer.allocate((int) Math.max(HEADER_BYTES, Math.min(BUFFER_BYTES, fileBytes)));
  }

  private static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1;

    DamagedException(String message) {
      super(message, null, false, false);
    }
  }

  private static final class Writer {

    private final AppendFile file;
    private final ByteBuffer buffer;
    private final CRC32C crc = new CRC32C();

    Writer(AppendFile file, long sizeBytes) {
      this.file = file;
      this.buffer = buffer(sizeBytes);
    }

    void header(UUID logId, LogEnd covered, ObjectIndex index) {
      buffer
          .putLong(MAGIC)
          .putInt(VERSION)
          .putInt(0)
          .putLong(logId.getMostSignificantBits())
          .putLong(logId.getLeastSignificantBits())
          .putInt(covered.segment())
          .putInt(0)
          .putLong(covered.offsetBytes());
      covered.chain().putInto(buffer);
      buffer.putLong(index.transactionCount()).putLong(index.revisionCount());
    }

    void transaction(LoggedTransaction transaction) throws IOException {
      room(TRANSACTION_BYTES);
      buffer
          .putLong(transaction.id().epochNanos())
          .putLong(transaction.commitPosition())
          .putInt(transaction.changes().size());
      for (LoggedTransaction.Change change : transaction.changes()) {
        room(REVISION_BYTES);
        buffer
            .putLong(change.object().value())
            .putLong(change.deleted() ? change.position() | DELETED : change.position());
      }
    }

    void end() throws IOException {
      flush();
      buffer.putInt((int) crc.getValue());
      flush();
    }

    private void room(int bytes) throws IOException {
      if (buffer.remaining() < bytes) {
        flush();
      }
    }

    private void flush() throws IOException {
      buffer.flip();
      crc.update(buffer.duplicate());
      file.append(buffer);
      buffer.clear();
    }
  }

  private static final class Reader {

    private final ReadFile file;
    private final ByteBuffer buffer;
    private final CRC32C crc = new CRC32C();
    private long offset;

    Reader(ReadFile file) throws IOException {
      this.file = file;
      this.buffer = buffer(file.sizeBytes()).limit(0);
    }

    IndexSnapshot read() throws IOException, DamagedException {
      need(HEADER_BYTES);
      if (buffer.getLong() != MAGIC || buffer.getInt() != VERSION || buffer.getInt() != 0) {
        throw new DamagedException("it is no index of this version");
      }
      UUID logId = new UUID(buffer.getLong(), buffer.getLong());
      int segment = buffer.getInt();
      int zero = buffer.getInt();
      long offsetBytes = buffer.getLong();
      byte[] chain = new byte[CHAIN_BYTES];
      buffer.get(chain);
      long transactions = buffer.getLong();
      long revisions = buffer.getLong();
      requireSize(transactions, revisions);
      if (segment <= 0 || zero != 0 || offsetBytes <= 0) {
        throw new DamagedException("it covers no place of a log");
      }
      ObjectIndex index = new ObjectIndex();
      transactions(index, transactions, revisions);
      int computed = (int) crcSoFar();
      need(Integer.BYTES);
      if (buffer.getInt() != computed) {
        throw new DamagedException("its checksum is wrong");
      }
      return new IndexSnapshot(
          logId, new LogEnd(segment, offsetBytes, ByteString.copyOf(chain)), index);
    }

    private void transactions(ObjectIndex index, long transactions, long revisions)
        throws IOException, DamagedException {
      IndexedChanges changes = new IndexedChanges();
      long newest = 0;
      long left = revisions;
      for (long number = 0; number < transactions; number++) {
        need(TRANSACTION_BYTES);
        long id = buffer.getLong();
        long commit = buffer.getLong();
        int count = buffer.getInt();
        left -= count;
        if (id <= newest || commit < 0 || count < 0 || left < 0) {
          throw new DamagedException("transaction " + number + " makes no sense");
        }
        newest = id;
        changes.clear();
        for (int revision = 0; revision < count; revision++) {
          need(REVISION_BYTES);
          long object = buffer.getLong();
          long position = buffer.getLong();
          if (object <= 0) {
            throw new DamagedException("object " + object + " makes no sense");
          }
          changes.add(object, position & ~DELETED, position < 0);
        }
        index.publish(id, commit, changes);
      }
      if (left != 0) {
        throw new DamagedException("revisions are missing");
      }
    }

    /** Holds both counts against the file's size, so that nothing is allocated on a lie. */
    private void requireSize(long transactions, long revisions)
        throws IOException, DamagedException {
      long size = file.sizeBytes();
      if (transactions < 0
          || revisions < 0
          || transactions > size
          || revisions > size
          || size
              != HEADER_BYTES
                  + TRANSACTION_BYTES * transactions
                  + REVISION_BYTES * revisions
                  + Integer.BYTES) {
        throw new DamagedException("its size is not what it says");
      }
    }

    private long crcSoFar() {
      CRC32C upToHere = crc;
      ByteBuffer used = buffer.duplicate().flip();
      upToHere.update(used);
      return upToHere.getValue();
    }

    /** Makes the next bytes available; what was used before goes into the checksum. */
    private void need(int bytes) throws IOException, DamagedException {
      if (buffer.remaining() >= bytes) {
        return;
      }
      ByteBuffer used = buffer.duplicate().flip();
      crc.update(used);
      buffer.compact();
      offset += file.read(buffer, offset);
      buffer.flip();
      if (buffer.remaining() < bytes) {
        throw new DamagedException("it ends too early");
      }
    }
  }
}
