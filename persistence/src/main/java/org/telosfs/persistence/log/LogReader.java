package org.telosfs.persistence.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;
import org.telosfs.persistence.storage.StorageDirectory;

/**
 * Reads records of the log by their position, each verified. What was read lately is kept in
 * memory. Any number of threads may use it.
 */
public final class LogReader implements Closeable {

  /** One read fetches the header and, mostly, all of the record. */
  private static final int WINDOW_BYTES = 4096;

  /** For what was read lately, and no more than an eighth of the heap. */
  private static final long CACHE_BYTES =
      Math.min(64L * 1024 * 1024, Runtime.getRuntime().maxMemory() / 8);

  private final StorageDirectory directory;

  private final RevisionCache cache = new RevisionCache(CACHE_BYTES);

  /** Each thread's memory to read into. */
  private final ThreadLocal<ByteBuffer> buffers =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(WINDOW_BYTES));

  private final ConcurrentSkipListMap<Integer, SegmentFile> segments =
      new ConcurrentSkipListMap<>();

  LogReader(StorageDirectory directory, List<SegmentFile> segments) {
    this.directory = directory;
    segments.forEach(this::add);
  }

  void add(SegmentFile segment) {
    segments.put(segment.header().number(), segment);
  }

  /** The open file of a segment, to be used at once: a pack may close it. */
  @Nullable SegmentFile segment(int number) {
    return segments.get(number);
  }

  /**
   * Puts a packed segment in the place of what it was made from. Whoever is reading there finds the
   * file closed, and reads again.
   */
  void replace(SegmentFile segment) throws IOException {
    SegmentFile before = segments.put(segment.header().number(), segment);
    if (before != null) {
      before.close();
    }
  }

  public int segmentCount() {
    return segments.size();
  }

  public long sizeBytes() throws IOException {
    long size = 0;
    for (SegmentFile segment : segments.values()) {
      size += segment.storedBytes();
    }
    return size;
  }

  /** The bytes one segment takes; 0 if there is none of that number. */
  public long sizeBytes(int number) throws IOException {
    SegmentFile segment = segments.get(number);
    return segment == null ? 0 : segment.storedBytes();
  }

  /**
   * What was made of an object.
   *
   * @param transaction the one that made it, as the index knows
   * @throws StoreException.Damaged if the record there is not intact or another object's
   * @throws StoreException.PackedAway if a pack left it out
   */
  public Revision revision(ObjectId object, TransactionId transaction, long position)
      throws IOException {
    Revision known = cache.get(position, object);
    if (known != null) {
      return known;
    }
    StoredRecord record = record(position, object);
    if (!record.type().isChange() || record.subject() != object.value()) {
      throw damaged(position, List.of(object), "another record lies where the object should");
    }
    Revision revision = record.revision(transaction);
    cache.put(position, revision);
    return revision;
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

  /** The place behind a transaction. */
  public LogEnd behind(long commitPosition) throws IOException {
    StoredRecord commit = record(commitPosition, null);
    if (commit.type() != RecordType.COMMIT) {
      throw damaged(commitPosition, List.of(), "another record lies where a commit should");
    }
    return new LogEnd(LogPosition.segment(commitPosition), commit.endOffsetBytes(), commit.chain());
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
    } catch (StoreException.Damaged | StoreException.PackedAway e) {
      return false;
    }
  }

  private StoredRecord record(long position, @Nullable ObjectId object) throws IOException {
    int number = LogPosition.segment(position);
    for (SegmentFile segment = segments.get(number); segment != null; ) {
      try {
        return record(segment, LogPosition.offsetBytes(position));
      } catch (BrokenRecordException | IOException e) {
        SegmentFile now = newest(segment);
        if (!now.equals(segment)) {
          segment = now;
        } else if (segment.leftOut(LogPosition.offsetBytes(position))) {
          throw new StoreException.PackedAway(LogPosition.describe(position));
        } else if (e instanceof IOException failure) {
          throw failure;
        } else {
          throw damaged(position, objects(object), e.getMessage());
        }
      }
    }
    throw damaged(position, objects(object), "there is no such segment");
  }

  /** The record, which is valid until this thread reads another one. */
  private StoredRecord record(SegmentFile segment, long offsetBytes)
      throws IOException, BrokenRecordException {
    return segment.window(buffers.get()).read(offsetBytes);
  }

  /**
   * What is in that segment's place by now: the same, or what a pack made of it, in this process or
   * in another. A pack may have closed the file, or it was opened again under its name.
   */
  private synchronized SegmentFile newest(SegmentFile segment) throws IOException {
    int number = segment.header().number();
    SegmentFile known = segments.get(number);
    if (known != null && !known.equals(segment)) {
      return known;
    }
    SegmentFile found = SegmentFile.open(directory, number);
    if (found.header().pack() == segment.header().pack()) {
      found.close();
      return segment;
    }
    replace(found);
    return found;
  }

  private static List<ObjectId> objects(@Nullable ObjectId object) {
    return object == null ? List.of() : List.of(object);
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
