package org.telosfs.persistence.log;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;

/** Reads records of the log by their position, each verified. Any number of threads may use it. */
public final class LogReader implements Closeable {

  /** One read fetches the header and, mostly, all of the record. */
  private static final int WINDOW_BYTES = 4096;

  private final ConcurrentSkipListMap<Integer, SegmentFile> segments =
      new ConcurrentSkipListMap<>();

  LogReader(List<SegmentFile> segments) {
    segments.forEach(this::add);
  }

  void add(SegmentFile segment) {
    segments.put(segment.header().number(), segment);
  }

  public int segmentCount() {
    return segments.size();
  }

  public long sizeBytes() throws IOException {
    long size = 0;
    for (SegmentFile segment : segments.values()) {
      size += segment.file().sizeBytes();
    }
    return size;
  }

  /**
   * What was made of an object.
   *
   * @param transaction the one that made it, as the index knows
   * @throws StoreException.Damaged if the record there is not intact or another object's
   */
  public Revision revision(ObjectId object, TransactionId transaction, long position)
      throws IOException {
    StoredRecord record = record(position, object);
    if ((record.type() != RecordType.PUT && record.type() != RecordType.DELETE)
        || record.subject() != object.value()) {
      throw damaged(position, List.of(object), "another record lies where the object should");
    }
    return record.revision(transaction);
  }

  /**
   * What a transaction said about itself.
   *
   * @throws StoreException.Damaged if the record there is not intact or another transaction's
   */
  public TransactionMetadata metadata(TransactionId transaction, long commitPosition)
      throws IOException {
    StoredRecord record = record(commitPosition, null);
    if (record.type() != RecordType.COMMIT || record.subject() != transaction.epochNanos()) {
      throw damaged(commitPosition, List.of(), "another record lies where a commit should");
    }
    try {
      return record.metadata();
    } catch (BrokenRecordException e) {
      throw damaged(commitPosition, List.of(), e.getMessage());
    }
  }

  /**
   * Whether that place, with its chain value, is right behind that transaction: nothing but close
   * marks, and the headers of segments, lie between.
   */
  public boolean endsAt(LogEnd end, TransactionId transaction, long commitPosition)
      throws IOException {
    try {
      StoredRecord commit = record(commitPosition, null);
      if (commit.type() != RecordType.COMMIT
          || commit.subject() != transaction.epochNanos()
          || !commit.chain().equals(end.chain())) {
        return false;
      }
      boolean sameSegment = LogPosition.segment(commitPosition) == end.segment();
      long offset = sameSegment ? commit.endOffsetBytes() : LogFormat.SEGMENT_HEADER_BYTES;
      while (offset < end.offsetBytes()) {
        StoredRecord record = record(LogPosition.of(end.segment(), offset), null);
        if (record.type() != RecordType.CLOSE) {
          return false;
        }
        offset = record.endOffsetBytes();
      }
      return offset == end.offsetBytes();
    } catch (StoreException.Damaged e) {
      return false;
    }
  }

  private StoredRecord record(long position, @Nullable ObjectId object) throws IOException {
    List<ObjectId> objects = object == null ? List.of() : List.of(object);
    SegmentFile segment = segments.get(LogPosition.segment(position));
    if (segment == null) {
      throw damaged(position, objects, "there is no such segment");
    }
    try {
      return segment
          .window(WINDOW_BYTES)
          .read(LogPosition.offsetBytes(position), segment.file().sizeBytes());
    } catch (BrokenRecordException e) {
      throw damaged(position, objects, e.getMessage());
    }
  }

  private static StoreException.Damaged damaged(
      long position, List<ObjectId> objects, @Nullable String what) {
    return new StoreException.Damaged(
        LogFormat.segmentName(LogPosition.segment(position)),
        LogPosition.offsetBytes(position),
        objects,
        String.valueOf(what));
  }

  @Override
  public void close() throws IOException {
    for (SegmentFile segment : segments.values()) {
      segment.close();
    }
  }
}
