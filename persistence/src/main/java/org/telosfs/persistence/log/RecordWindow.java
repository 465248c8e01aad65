package org.telosfs.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.storage.ReadFile;

/**
 * Reads records of one segment through a window of bytes. Small for a single record, large to read
 * on and on; a record that does not fit is read into memory of its own, after its length was held
 * against the length of the file.
 */
final class RecordWindow {

  private final ReadFile file;
  private final RecordSeal seal;
  private final ByteBuffer window;
  private long windowOffsetBytes;
  private int windowBytes;

  RecordWindow(ReadFile file, RecordSeal seal, ByteBuffer window) {
    this.file = file;
    this.seal = seal;
    this.window = window;
  }

  /**
   * The record at that place, if the segment's file goes so far. Only where the record is larger
   * than the window is the file asked how far that is.
   *
   * @throws BrokenRecordException if no intact and well-formed record lies there
   */
  StoredRecord read(long offsetBytes) throws IOException, BrokenRecordException {
    fill(offsetBytes);
    long limitBytes = offsetBytes + windowBytes;
    return read(offsetBytes, holdsOne() ? limitBytes : file.sizeBytes());
  }

  /** Whether what starts with the window, if it is a record, ends within it. */
  private boolean holdsOne() {
    if (windowBytes < LogFormat.RECORD_HEADER_BYTES) {
      return false;
    }
    int bodyBytes = window.getInt(LogFormat.BODY_BYTES_OFFSET);
    return bodyBytes >= 0
        && LogFormat.RECORD_HEADER_BYTES + LogFormat.paddedBytes(bodyBytes) <= windowBytes;
  }

  /**
   * The record at that place.
   *
   * @param limitBytes where the segment ends
   * @throws BrokenRecordException if no intact and well-formed record lies there
   */
  StoredRecord read(long offsetBytes, long limitBytes) throws IOException, BrokenRecordException {
    if (limitBytes - offsetBytes < LogFormat.RECORD_HEADER_BYTES) {
      throw new BrokenRecordException(offsetBytes, "no room for a record's header", List.of());
    }
    ByteBuffer header = bytes(offsetBytes, LogFormat.RECORD_HEADER_BYTES);
    if (!seal.headerIntact(header, 0, offsetBytes)) {
      throw new BrokenRecordException(
          offsetBytes,
          "no intact record; which objects lie there is lost with its header",
          List.of());
    }
    RecordType type = RecordType.ofCode(header.get(LogFormat.TYPE_OFFSET));
    long subject = header.getLong(LogFormat.SUBJECT_OFFSET);
    List<ObjectId> objects = objects(type, subject);
    if (type == null || header.get(LogFormat.ZERO_OFFSET) != 0) {
      throw new BrokenRecordException(offsetBytes, "an unknown kind of record", objects);
    }
    int bodyBytes = header.getInt(LogFormat.BODY_BYTES_OFFSET);
    long wholeBytes = LogFormat.RECORD_HEADER_BYTES + LogFormat.paddedBytes(bodyBytes);
    if (bodyBytes < 0 || wholeBytes > limitBytes - offsetBytes) {
      throw new BrokenRecordException(
          offsetBytes, "a record of " + bodyBytes + " bytes goes beyond the end", objects);
    }
    ByteBuffer whole = bytes(offsetBytes, Math.toIntExact(wholeBytes));
    int stored = whole.getInt(LogFormat.BODY_CRC_OFFSET);
    int found =
        RecordSeal.bodyChecksum(
            whole, LogFormat.RECORD_HEADER_BYTES, whole.capacity() - LogFormat.RECORD_HEADER_BYTES);
    if (stored != found) {
      throw new BrokenRecordException(
          offsetBytes,
          String.format("the record's bytes have checksum %08x, not %08x", found, stored),
          objects);
    }
    StoredRecord record = new StoredRecord(type, subject, offsetBytes, whole);
    record.requireWellFormed();
    return record;
  }

  /**
   * Whether an intact header starts there; much cheaper than {@link #read} where none is likely.
   */
  boolean headerAt(long offsetBytes, long limitBytes) throws IOException {
    return limitBytes - offsetBytes >= LogFormat.RECORD_HEADER_BYTES
        && seal.headerIntact(bytes(offsetBytes, LogFormat.RECORD_HEADER_BYTES), 0, offsetBytes);
  }

  /** Whether nothing but zeros lies there. */
  boolean zeros(long offsetBytes, int count) throws IOException {
    ByteBuffer found = bytes(offsetBytes, count);
    while (found.hasRemaining()) {
      if (found.get() != 0) {
        return false;
      }
    }
    return true;
  }

  private ByteBuffer bytes(long offsetBytes, int count) throws IOException {
    if (count > window.capacity()) {
      ByteBuffer own = ByteBuffer.allocate(count);
      requireAll(file.read(own, offsetBytes), offsetBytes, count);
      return own.flip();
    }
    if (offsetBytes < windowOffsetBytes || offsetBytes + count > windowOffsetBytes + windowBytes) {
      fill(offsetBytes);
      requireAll(windowBytes, offsetBytes, count);
    }
    return window.slice((int) (offsetBytes - windowOffsetBytes), count);
  }

  private void fill(long offsetBytes) throws IOException {
    window.clear();
    windowBytes = 0;
    windowBytes = Math.max(0, file.read(window, offsetBytes));
    windowOffsetBytes = offsetBytes;
  }

  private static void requireAll(int found, long offsetBytes, int count) throws IOException {
    if (found < count) {
      throw new IOException(
          "read " + found + " of " + count + " bytes at byte " + offsetBytes + " of a segment");
    }
  }

  private static List<ObjectId> objects(@Nullable RecordType type, long subject) {
    return type != null && type.isChange() && subject > 0
        ? List.of(new ObjectId(subject))
        : List.of();
  }
}
