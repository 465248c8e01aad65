package org.telosfs.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.storage.AppendFile;
import org.telosfs.persistence.storage.ReadFile;
import org.telosfs.persistence.storage.StorageDirectory;

/**
 * What keeping segments elsewhere takes. A pack copies records byte for byte, so a packed segment
 * can be made from any older copy of the segment and its frame: header, table of runs, and trailer.
 */
public final class SegmentArchive {

  private static final int COPY_BYTES = 256 * 1024;

  private SegmentArchive() {}

  /** The file of a segment. */
  public static String fileName(int number) {
    return LogFormat.segmentName(number);
  }

  /**
   * What tells the content of a complete segment from any other: the chain value behind it, or if a
   * pack wrote it the hash of its bytes. Little is read for it.
   */
  public static String identity(LogReader reader, int number) {
    SegmentFile segment = reader.segment(number);
    SegmentFile next = reader.segment(number + 1);
    if (segment == null || next == null) {
      throw new IllegalArgumentException("segment " + number + " is not complete");
    }
    ByteString value =
        segment.packed() == null ? next.header().chain() : segment.packed().trailer().hash();
    return (segment.packed() == null ? "c" : "p") + HexFormat.of().formatHex(value.toByteArray());
  }

  /** Header, table and trailer of a packed segment; empty if it never was packed. */
  public static Optional<ByteBuffer> frame(LogReader reader, int number) throws IOException {
    SegmentFile segment = reader.segment(number);
    return segment == null || segment.packed() == null
        ? Optional.empty()
        : Optional.of(segment.packed().frame());
  }

  /**
   * Writes a packed segment from its frame and an older copy.
   *
   * @param older the whole file of the segment as it was at any time before
   */
  public static void rebuild(ReadFile frame, ReadFile older, String name, AppendFile into)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(frame.sizeBytes()));
    frame.read(bytes, 0);
    PackedTrailer trailer = PackedTrailer.read(frame, name, name);
    int table = Math.toIntExact(trailer.tableOffset(bytes.capacity()));
    long storedTable = bytes.getLong(0);
    int number = bytes.getInt(Long.BYTES + LogFormat.SEGMENT_NUMBER_OFFSET);
    SegmentHeader before = SegmentHeader.read(older, name, name, number);
    ReadFile source = before.packed() ? PackedFile.open(older, name, name) : older;
    into.append(bytes.slice(Long.BYTES, LogFormat.SEGMENT_HEADER_BYTES));
    for (int run = 0; run < trailer.runs(); run++) {
      int entry = table + run * LogFormat.RUN_BYTES;
      long start = Integer.toUnsignedLong(bytes.getInt(entry + Integer.BYTES));
      long end =
          run + 1 < trailer.runs()
              ? Integer.toUnsignedLong(bytes.getInt(entry + LogFormat.RUN_BYTES + Integer.BYTES))
              : storedTable;
      copy(source, Integer.toUnsignedLong(bytes.getInt(entry)), end - start, name, into);
    }
    into.append(bytes.slice(table, bytes.capacity() - table));
  }

  private static void copy(ReadFile source, long from, long length, String name, AppendFile into)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
    for (long at = 0; at < length; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(COPY_BYTES, length - at));
      if (source.read(buffer, from + at) < buffer.limit()) {
        throw new StoreException.Truncated(name + " is cut short");
      }
      into.append(buffer.flip());
    }
  }

  /**
   * Cuts a log off behind the newest transaction that is not newer than that one. The directory
   * must hold a log that nobody has open and no index.
   */
  public static void cut(StorageDirectory directory, TransactionId newest) throws IOException {
    LogRecovery recovery = LogRecovery.open(directory);
    try (LogReader reader = recovery.reader()) {
      long[] last = {-1};
      recovery.read(
          null,
          TransactionId.NONE,
          transaction -> {
            if (transaction.id().compareTo(newest) <= 0) {
              last[0] = transaction.commitPosition();
            }
          });
      LogEnd end =
          last[0] < 0
              ? new LogEnd(1, LogFormat.SEGMENT_HEADER_BYTES, SegmentHeader.FIRST_CHAIN)
              : reader.behind(last[0]);
      cut(directory, recovery, reader, end, newest);
    }
  }

  private static void cut(
      StorageDirectory directory,
      LogRecovery recovery,
      LogReader reader,
      LogEnd end,
      TransactionId newest)
      throws IOException {
    int segments = reader.segmentCount();
    SegmentFile segment = reader.segment(end.segment());
    if (segment == null) {
      throw new IllegalArgumentException("there is no segment " + end.segment());
    }
    int keep = end.segment();
    if (segment.packed() == null) {
      try (AppendFile file = directory.append(LogFormat.segmentName(keep))) {
        file.truncate(end.offsetBytes());
        file.sync();
      }
    } else {
      // A packed segment is never the last, so it loses what is newer and an empty one follows.
      new SegmentRewrite(
              directory,
              reader,
              recovery.lastPack() + 1,
              TransactionId.NONE,
              (transaction, change) ->
                  transaction.compareTo(newest) <= 0
                      ? SegmentRewrite.Fate.KEPT
                      : SegmentRewrite.Fate.GONE,
              bytes -> {})
          .rewrite(keep);
      keep++;
      SegmentedLog.writeSegment(
              directory,
              new SegmentHeader(
                  recovery.logId(),
                  keep,
                  0,
                  segment.header().blobs(),
                  segment.packed().trailer().firstBytes(),
                  segment.packed().trailer().chain()))
          .close();
    }
    for (int number = segments; number > keep; number--) {
      directory.delete(LogFormat.segmentName(number));
    }
    directory.sync();
  }
}
