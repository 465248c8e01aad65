package org.telosfs.persistence.log;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The checksums of a record. They cover the log and the place as well, so that a record that lies
 * where it was not written, or that is part of an object's state, is not taken for one.
 */
record RecordSeal(UUID logId, int segment) {

  /**
   * Writes both checksums of the record that starts at that index and lies at that offset in the
   * segment.
   */
  void seal(ByteBuffer bytes, int index, long offsetBytes) {
    int bodyBytes = bytes.getInt(index + LogFormat.BODY_BYTES_OFFSET);
    bytes.putInt(
        index + LogFormat.BODY_CRC_OFFSET,
        bodyChecksum(
            bytes, index + LogFormat.RECORD_HEADER_BYTES, (int) LogFormat.paddedBytes(bodyBytes)));
    bytes.putInt(index + LogFormat.HEADER_CRC_OFFSET, headerChecksum(bytes, index, offsetBytes));
  }

  /** Whether a record's header, as it was written for that offset, starts at that index. */
  boolean headerIntact(ByteBuffer bytes, int index, long offsetBytes) {
    return bytes.getShort(index + LogFormat.MAGIC_OFFSET) == LogFormat.RECORD_MAGIC
        && bytes.getInt(index + LogFormat.HEADER_CRC_OFFSET)
            == headerChecksum(bytes, index, offsetBytes);
  }

  static int bodyChecksum(ByteBuffer bytes, int index, int paddedBytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(index, paddedBytes));
    return (int) crc.getValue();
  }

  private int headerChecksum(ByteBuffer bytes, int index, long offsetBytes) {
    ByteBuffer place =
        ByteBuffer.allocate(LogFormat.LOG_ID_BYTES + Integer.BYTES + Long.BYTES)
            .putLong(logId.getMostSignificantBits())
            .putLong(logId.getLeastSignificantBits())
            .putInt(segment)
            .putLong(offsetBytes)
            .flip();
    CRC32C crc = new CRC32C();
    crc.update(place);
    crc.update(bytes.slice(index, LogFormat.HEADER_CRC_OFFSET));
    return (int) crc.getValue();
  }
}
