package org.telosfs.persistence.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.storage.AppendFile;
import org.telosfs.persistence.storage.StorageDirectory;

/**
 * The log open for writing; used by one thread at a time. An append that fails is cut off again,
 * and the log goes on. After anything that leaves in doubt what the medium holds, above all a
 * failed sync, each method throws {@link StoreException.WritingEnded}.
 */
public final class SegmentedLog implements Closeable {

  private static final System.Logger LOG = System.getLogger(SegmentedLog.class.getName());

  /** The zeros that are written at a time. */
  private static final int RESERVE_BYTES = 256 * 1024;

  /** A larger transaction is not made slower by its size, and would be by writing it twice. */
  private static final int RESERVES_UP_TO_BYTES = RESERVE_BYTES / 8;

  private final StorageDirectory directory;
  private final LogReader reader;
  private final long segmentBytes;
  private final UUID logId;

  private AppendFile file;
  private LogEnd end;

  /** Whether objects in the last segment may hold blobs. */
  private boolean blobs;

  /**
   * Up to where the last segment's file has zeros to write over. A sync of a file that grew has its
   * size and its new blocks to write too, which costs most filesystems a commit of their own
   * journal, and more than the bytes.
   */
  private long reservedEnd;

  /** Whether this segment's file reserves: no more after the medium had no room for it. */
  private boolean reserves = true;

  /** How much of the last segment is synced. */
  private long durableBytes;

  /** Whether transactions follow the last close mark or the start. */
  private boolean unmarked;

  private StoreException.@Nullable WritingEnded ended;

  private SegmentedLog(
      StorageDirectory directory,
      LogReader reader,
      long segmentBytes,
      UUID logId,
      AppendFile file,
      LogEnd end) {
    this.directory = directory;
    this.reader = reader;
    this.segmentBytes = segmentBytes;
    this.logId = logId;
    this.file = file;
    this.end = end;
    this.durableBytes = end.offsetBytes();
    this.reservedEnd = end.offsetBytes();
  }

  /** Makes the first segment of a new log; it exists wholly or not at all. */
  public static void create(StorageDirectory directory, UUID logId) throws IOException {
    writeSegment(directory, new SegmentHeader(logId, 1, 0, false, 0, SegmentHeader.FIRST_CHAIN))
        .close();
    directory.sync();
  }

  /**
   * Goes on with a log that was read to its end: a torn tail is cut, and what is left is synced,
   * since nobody may have been told yet that it is durable.
   */
  public static SegmentedLog open(LogRecovery recovery, LogReader reader, long segmentBytes)
      throws IOException {
    StorageDirectory directory = recovery.directory();
    LogEnd end = recovery.end();
    for (String name : directory.list()) {
      if (name.endsWith(LogFormat.UNFINISHED)) {
        directory.delete(name);
      }
    }
    AppendFile file = directory.append(LogFormat.segmentName(end.segment()));
    try {
      if (recovery.tornBytes() > 0) {
        LOG.log(
            System.Logger.Level.WARNING,
            "{0}/{1}: {2} bytes of an unfinished transaction cut at byte {3}",
            directory.describe(),
            LogFormat.segmentName(end.segment()),
            recovery.tornBytes(),
            end.offsetBytes());
      }
      if (file.sizeBytes() > end.offsetBytes()) {
        file.truncate(end.offsetBytes());
      }
      file.sync();
      directory.sync();
    } catch (IOException e) {
      file.close();
      throw e;
    }
    SegmentedLog log =
        new SegmentedLog(directory, reader, segmentBytes, recovery.logId(), file, end);
    log.unmarked = !recovery.closedInOrder();
    log.blobs = recovery.blobs();
    return log;
  }

  /** The bytes a transaction takes. */
  public static long sizeBytes(LogTransaction transaction) {
    return TransactionEncoder.sizeBytes(transaction);
  }

  /**
   * Appends a transaction; it is durable after the next {@link #sync}.
   *
   * @throws StoreException.NotCommitted if the medium refused it, or memory is short; the log is as
   *     before
   * @throws StoreException.WritingEnded if nothing can be written any more
   */
  public LoggedTransaction append(LogTransaction transaction) throws StoreException {
    requireWritable();
    boolean firstBlob =
        !blobs && transaction.puts().stream().anyMatch(put -> put.blob().isPresent());
    if (firstBlob
        || (end.offsetBytes() > LogFormat.SEGMENT_HEADER_BYTES
            && end.offsetBytes() + sizeBytes(transaction) > segmentBytes)) {
      roll(blobs || firstBlob);
    }
    TransactionEncoder.Encoded encoded = encode(transaction);
    int bytes = encoded.bytes().remaining();
    appendOrCutBack(encoded.bytes());
    end = new LogEnd(end.segment(), end.offsetBytes() + bytes, encoded.chain());
    unmarked = true;
    if (end.offsetBytes() > reservedEnd && bytes <= RESERVES_UP_TO_BYTES) {
      reserve();
    }
    return encoded.where();
  }

  /** Nothing was touched yet, so who lacks memory for it may go on with less. */
  private TransactionEncoder.Encoded encode(LogTransaction transaction)
      throws StoreException.NotCommitted {
    try {
      return TransactionEncoder.encode(transaction, recordSeal(), end, durableBytes);
    } catch (OutOfMemoryError e) {
      throw new StoreException.NotCommitted(
          directory.describe()
              + ": nothing was committed: the heap has no room for a transaction of "
              + sizeBytes(transaction)
              + " bytes; commit less at once, pack the store, or start with a larger heap",
          e);
    }
  }

  /**
   * Ends the last segment, if it holds anything, so that all that was appended lies in segments
   * that will not grow.
   *
   * @return the number of the last of them; 0 if the log is empty
   * @throws StoreException.NotCommitted if no new segment could be made; the log is as before
   */
  public int seal() throws StoreException {
    requireWritable();
    if (end.offsetBytes() > LogFormat.SEGMENT_HEADER_BYTES) {
      roll(blobs);
    }
    return end.segment() - 1;
  }

  /** Makes all that was appended durable. */
  public void sync() throws StoreException.WritingEnded {
    requireWritable();
    try {
      file.sync();
    } catch (IOException e) {
      throw end("a sync failed", e);
    }
    durableBytes = end.offsetBytes();
  }

  /** Behind the last transaction. */
  public LogEnd end() {
    return end;
  }

  public UUID logId() {
    return logId;
  }

  /**
   * Marks the log as closed in order, if anything was appended since it was opened, and closes its
   * file. A full disk that has no room for the mark is no failure: all transactions are durable
   * without it.
   */
  @Override
  public void close() throws IOException {
    try (AppendFile closing = file) {
      if (unmarked && ended == null) {
        sync();
        mark();
      }
    }
  }

  private void mark() throws StoreException {
    ByteBuffer mark = TransactionEncoder.encodeClose(recordSeal(), end);
    long next = end.offsetBytes() + mark.remaining();
    try {
      appendOrCutBack(mark);
    } catch (StoreException.NotCommitted e) {
      LOG.log(
          System.Logger.Level.WARNING, directory.describe() + ": no room for the close mark", e);
      return;
    }
    end = new LogEnd(end.segment(), next, end.chain());
    trim();
    sync();
    unmarked = false;
  }

  /** No room for it is no failure: what was appended needs none. */
  private void reserve() throws StoreException {
    long bytes = Math.min(RESERVE_BYTES, segmentBytes - end.offsetBytes());
    if (!reserves || bytes <= 0) {
      return;
    }
    reservedEnd = end.offsetBytes() + bytes;
    try {
      file.reserve((int) bytes);
    } catch (IOException refused) {
      reserves = false;
      LOG.log(System.Logger.Level.DEBUG, directory.describe() + ": nothing reserved", refused);
      trim();
    }
  }

  /** Cuts off what is reserved. */
  private void trim() throws StoreException.WritingEnded {
    if (reservedEnd > end.offsetBytes()) {
      try {
        file.truncate(end.offsetBytes());
      } catch (IOException e) {
        throw end("the zeros behind the last transaction could not be cut off", e);
      }
    }
    reservedEnd = end.offsetBytes();
  }

  private void appendOrCutBack(ByteBuffer bytes) throws StoreException {
    try {
      file.append(bytes);
    } catch (IOException refused) {
      try {
        file.truncate(end.offsetBytes());
        reservedEnd = end.offsetBytes();
      } catch (IOException e) {
        e.addSuppressed(refused);
        throw end("an append failed and what it left could not be cut off", e);
      }
      throw new StoreException.NotCommitted(
          directory.describe() + ": nothing was committed: " + refused.getMessage(), refused);
    }
  }

  /** The next segment vouches for this one's length and chain, so this one is synced first. */
  private void roll(boolean blobs) throws StoreException {
    trim();
    sync();
    SegmentHeader header =
        new SegmentHeader(logId, end.segment() + 1, 0, blobs, end.offsetBytes(), end.chain());
    AppendFile next;
    try {
      next = writeSegment(directory, header);
    } catch (IOException e) {
      throw abandon(header.number(), e);
    }
    AppendFile full = file;
    file = next;
    try {
      directory.sync();
      full.close();
      SegmentFile added = SegmentFile.open(directory, header.number());
      reader.add(added);
      end = added.start();
      this.blobs = blobs;
      durableBytes = end.offsetBytes();
      reservedEnd = end.offsetBytes();
      reserves = true;
    } catch (IOException e) {
      throw end("a new segment may not have been made", e);
    }
  }

  /** The new segment has its name only as the last step, so without it the log is as before. */
  private StoreException abandon(int number, IOException refused) {
    String name = LogFormat.segmentName(number);
    try {
      directory.delete(name + LogFormat.UNFINISHED);
      if (!directory.list().contains(name)) {
        return new StoreException.NotCommitted(
            directory.describe()
                + ": nothing was committed, no new segment could be made: "
                + refused.getMessage(),
            refused);
      }
    } catch (IOException e) {
      refused.addSuppressed(e);
    }
    return end("a new segment may have been made", refused);
  }

  static AppendFile writeSegment(StorageDirectory directory, SegmentHeader header)
      throws IOException {
    String name = LogFormat.segmentName(header.number());
    directory.delete(name + LogFormat.UNFINISHED);
    AppendFile file = directory.create(name + LogFormat.UNFINISHED);
    try {
      file.append(header.encode());
      file.sync();
      directory.rename(name + LogFormat.UNFINISHED, name);
      return file;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private RecordSeal recordSeal() {
    return new RecordSeal(logId, end.segment());
  }

  private void requireWritable() throws StoreException.WritingEnded {
    if (ended != null) {
      throw new StoreException.WritingEnded(String.valueOf(ended.getMessage()), ended.getCause());
    }
  }

  private StoreException.WritingEnded end(String what, IOException cause) {
    ended =
        new StoreException.WritingEnded(
            directory.describe()
                + ": "
                + what
                + ", so nothing is written until the store is opened again: "
                + cause.getMessage(),
            cause);
    return ended;
  }
}
