package org.telosfs.persistence.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.TransactionId;

/**
 * Reads the transactions of one segment in order and finds where they end, and why.
 *
 * <p>An end before the end of the file is a torn tail unless a later record of the file proves that
 * the bytes there were once durable: each commit record and close mark says how much of the segment
 * was synced before it was written, and groups of transactions are synced as a whole. So a broken
 * place before that point is damage, and a broken place behind the last such point can only be
 * found in what was written and never synced, or in the last group, if the log was not closed in
 * order.
 *
 * <p>Of a packed segment it reads the records that are left. A transaction that is whole, behind
 * one that is there, is held against its chain value as ever; the others have lost what it was made
 * of, and their records are vouched for by their checksums and the segment's hash.
 */
final class SegmentScan {

  private static final int WINDOW_BYTES = 256 * 1024;

  private final SegmentFile segment;
  private final SegmentRewrite.Pace pace;
  private final RecordWindow window;
  private final long limitBytes;

  /** The transaction that is being read. */
  private final List<LoggedTransaction.Change> changes = new ArrayList<>();

  /** Behind each record of the transaction, its commit record included. */
  private final List<Long> recordEnds = new ArrayList<>();

  /** Where the next record follows without a gap. */
  private long nextOffset;

  /** Whether a pack left out something within the transaction or right before it. */
  private boolean gap;

  private LogEnd end;
  private TransactionId newest;
  private HashChain hash;
  private @Nullable RecordType last;

  /**
   * A scan from there to the end of the file as it is now.
   *
   * @param newest the transaction before
   */
  SegmentScan(SegmentFile segment, LogEnd from, TransactionId newest) throws IOException {
    this(segment, from, newest, bytes -> {});
  }

  /** As the other, at a pace. */
  SegmentScan(SegmentFile segment, LogEnd from, TransactionId newest, SegmentRewrite.Pace pace)
      throws IOException {
    this.segment = segment;
    this.pace = pace;
    this.limitBytes = segment.file().sizeBytes();
    this.window = segment.window((int) Math.min(WINDOW_BYTES, limitBytes));
    this.end = from;
    this.newest = newest;
    this.hash = new HashChain(from.chain());
    this.nextOffset = from.offsetBytes();
  }

  /**
   * Visits every whole transaction.
   *
   * @return what is wrong behind the last of them, or null if they reach to the end of the file
   */
  @Nullable BrokenRecordException run(Consumer<LoggedTransaction> visitor) throws IOException {
    long offset = segment.nextKept(end.offsetBytes());
    try {
      while (offset < limitBytes) {
        gap |= offset != nextOffset;
        StoredRecord record = window.read(offset, limitBytes);
        nextOffset = record.endOffsetBytes();
        pace.next(nextOffset - offset);
        recordEnds.add(nextOffset);
        accept(record, visitor);
        last = record.type();
        offset = segment.nextKept(nextOffset);
      }
      if (!changes.isEmpty()) {
        throw new BrokenRecordException(
            offset, "the file ends within a transaction", changedObjects());
      }
      if (segment.packed() != null) {
        passTo(segment.packed().trailer());
      }
      return null;
    } catch (BrokenRecordException broken) {
      return broken;
    }
  }

  /** Behind the last whole transaction. */
  LogEnd end() {
    return end;
  }

  /** The last whole transaction. */
  TransactionId newest() {
    return newest;
  }

  /** Whether a close mark came last; as before if nothing was found. */
  boolean closedInOrder(boolean before) {
    return last == null ? before : last == RecordType.CLOSE;
  }

  /**
   * Where the file ends but for zeros that follow {@link #end}, as they are written ahead; a
   * multiple of 8, unless it is where the file ends.
   */
  long writtenBytes() throws IOException {
    long written = end.offsetBytes();
    for (long offset = written; offset < limitBytes; offset += LogFormat.RECORD_ALIGNMENT) {
      long next = Math.min(limitBytes, offset + LogFormat.RECORD_ALIGNMENT);
      if (!window.zeros(offset, (int) (next - offset))) {
        written = next;
      }
    }
    return written;
  }

  /**
   * Where each record of the transaction that is being visited ends; the commit record is the last.
   */
  List<Long> recordEnds() {
    return recordEnds;
  }

  /**
   * Whether what lies behind {@link #end} was durable once, so that a broken record there is
   * damage.
   */
  boolean restWasDurable() throws IOException {
    for (long offset = end.offsetBytes();
        offset < limitBytes;
        offset += LogFormat.RECORD_ALIGNMENT) {
      if (window.headerAt(offset, limitBytes) && provesDurable(offset)) {
        return true;
      }
    }
    return false;
  }

  private boolean provesDurable(long offset) throws IOException {
    try {
      StoredRecord record = window.read(offset, limitBytes);
      return (record.type() == RecordType.COMMIT || record.type() == RecordType.CLOSE)
          && record.durableBytes() > end.offsetBytes();
    } catch (BrokenRecordException broken) {
      return false;
    }
  }

  private void accept(StoredRecord record, Consumer<LoggedTransaction> visitor)
      throws BrokenRecordException {
    switch (record.type()) {
      case PUT, PUT_WITH_BLOB, DELETE -> {
        hash.records(record.whole().duplicate());
        changes.add(
            new LoggedTransaction.Change(
                record.object(),
                LogPosition.of(segment.header().number(), record.offsetBytes()),
                record.type() == RecordType.DELETE,
                record.blob()));
      }
      case COMMIT -> {
        visitor.accept(commit(record));
        moveTo(record.endOffsetBytes(), record.chain());
      }
      case CLOSE -> {
        if (!changes.isEmpty() || record.durableBytes() != record.offsetBytes()) {
          throw broken(record, "a close mark within a transaction or written for another place");
        }
        moveTo(record.endOffsetBytes(), end.chain());
      }
    }
  }

  private LoggedTransaction commit(StoredRecord record) throws BrokenRecordException {
    int records = record.body().getInt(LogFormat.COMMIT_RECORDS_OFFSET);
    if (gap ? changes.size() > records : changes.size() != records) {
      throw broken(record, "the transaction has lost records");
    }
    if (!gap && !hash.commit(record.subject(), record.body()).equals(record.chain())) {
      throw broken(record, "the transaction does not follow the one before: its hash differs");
    }
    record.metadata();
    TransactionId id = new TransactionId(record.subject());
    if (id.compareTo(newest) <= 0) {
      throw broken(record, "transaction " + id + " is not newer than the one before, " + newest);
    }
    LoggedTransaction transaction =
        new LoggedTransaction(
            id, LogPosition.of(segment.header().number(), record.offsetBytes()), changes);
    newest = id;
    return transaction;
  }

  /** To the end of a packed segment, whose last transactions may be left out. */
  private void passTo(PackedTrailer trailer) {
    moveTo(limitBytes, trailer.chain());
    newest = new TransactionId(Math.max(newest.epochNanos(), trailer.newest()));
  }

  private void moveTo(long offsetBytes, ByteString chain) {
    end = new LogEnd(segment.header().number(), offsetBytes, chain);
    hash = new HashChain(chain);
    gap = false;
    changes.clear();
    recordEnds.clear();
  }

  private BrokenRecordException broken(StoredRecord record, String what) {
    return new BrokenRecordException(record.offsetBytes(), what, changedObjects());
  }

  private List<ObjectId> changedObjects() {
    return changes.stream().map(LoggedTransaction.Change::object).toList();
  }
}
