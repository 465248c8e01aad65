package org.telosfs.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.storage.ReadFile;

/**
 * The start of a segment.
 *
 * @param logId the log it belongs to
 * @param number its place in the log
 * @param pack which pack wrote it; 0 for one that never was packed
 * @param blobs whether its objects may hold blobs
 * @param previousBytes how long the segment before must be
 * @param chain the chain value before its first transaction
 */
record SegmentHeader(
    UUID logId, int number, int pack, boolean blobs, long previousBytes, ByteString chain) {

  /** The chain value before the first transaction of a log. */
  static final ByteString FIRST_CHAIN = ByteString.copyOf(new byte[LogFormat.CHAIN_BYTES]);

  boolean packed() {
    return pack != 0;
  }

  /** The header of what that pack makes of this segment. */
  SegmentHeader packedBy(int number) {
    return new SegmentHeader(logId, this.number, number, blobs, previousBytes, chain);
  }

  private int version() {
    return (packed() ? LogFormat.PACKED_VERSION : LogFormat.VERSION)
        + (blobs ? LogFormat.WITH_BLOBS : 0);
  }

  ByteBuffer encode() {
    ByteBuffer bytes =
        ByteBuffer.allocate(LogFormat.SEGMENT_HEADER_BYTES)
            .putLong(LogFormat.SEGMENT_MAGIC)
            .putInt(0)
            .putInt(version())
            .putInt(number)
            .putInt(pack)
            .putLong(logId.getMostSignificantBits())
            .putLong(logId.getLeastSignificantBits())
            .putLong(previousBytes);
    chain.putInto(bytes);
    return bytes.putInt(LogFormat.SEGMENT_CRC_OFFSET, checksum(bytes)).flip();
  }

  /**
   * Reads and checks the header of the segment that should have that number.
   *
   * @throws StoreException if it is not ours, too new, cut short or damaged
   */
  static SegmentHeader read(ReadFile file, String place, String name, int number)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LogFormat.SEGMENT_HEADER_BYTES);
    int count = file.read(bytes, 0);
    if (count >= Long.BYTES
        && bytes.getLong(LogFormat.SEGMENT_MAGIC_OFFSET) != LogFormat.SEGMENT_MAGIC) {
      throw new StoreException.NotOurs(place + "/" + name + " is no segment of an object log");
    }
    if (count < LogFormat.SEGMENT_HEADER_BYTES) {
      throw new StoreException.Truncated(
          place + "/" + name + " has " + count + " bytes, less than a segment's header");
    }
    if (bytes.getInt(LogFormat.SEGMENT_CRC_OFFSET) != checksum(bytes)) {
      throw new StoreException.Damaged(name, 0, List.of(), "the segment's header is damaged");
    }
    int version = bytes.getInt(LogFormat.SEGMENT_VERSION_OFFSET);
    if (version > LogFormat.NEWEST_VERSION) {
      throw new StoreException.TooNew(place + "/" + name, version, LogFormat.NEWEST_VERSION);
    }
    int pack = bytes.getInt(LogFormat.SEGMENT_PACK_OFFSET);
    boolean blobs = version > LogFormat.WITH_BLOBS;
    boolean packed = version - (blobs ? LogFormat.WITH_BLOBS : 0) == LogFormat.PACKED_VERSION;
    if (version < LogFormat.VERSION || pack < 0 || packed != (pack > 0)) {
      throw new StoreException.Damaged(
          name, 0, List.of(), "version " + version + " does not go with pack " + pack);
    }
    int stored = bytes.getInt(LogFormat.SEGMENT_NUMBER_OFFSET);
    if (stored != number) {
      throw new StoreException.Damaged(name, 0, List.of(), "the file holds segment " + stored);
    }
    return new SegmentHeader(
        new UUID(
            bytes.getLong(LogFormat.SEGMENT_LOG_ID_OFFSET),
            bytes.getLong(LogFormat.SEGMENT_LOG_ID_OFFSET + Long.BYTES)),
        number,
        pack,
        blobs,
        bytes.getLong(LogFormat.SEGMENT_PREVIOUS_BYTES_OFFSET),
        ByteString.copyOf(bytes.array(), LogFormat.SEGMENT_CHAIN_OFFSET, LogFormat.CHAIN_BYTES));
  }

  private static int checksum(ByteBuffer header) {
    CRC32C crc = new CRC32C();
    crc.update(header.slice(0, LogFormat.SEGMENT_CRC_OFFSET));
    crc.update(
        header.slice(
            LogFormat.SEGMENT_VERSION_OFFSET,
            LogFormat.SEGMENT_HEADER_BYTES - LogFormat.SEGMENT_VERSION_OFFSET));
    return (int) crc.getValue();
  }
}
