package org.telosfs.block.journal;

import java.nio.ByteBuffer;

/**
 * An encoded group that waits to be written; whole but for what is known only then, and for the
 * checksums, which whoever commits need not wait for.
 */
final class SealedGroup {
  private final long salt;
  private final long sequence;
  private final int checkedBlocks;
  private final byte[] bytes;

  /**
   * A group.
   *
   * @param bytes padded; without checksums
   */
  SealedGroup(long salt, long sequence, int checkedBlocks, byte[] bytes) {
    this.salt = salt;
    this.sequence = sequence;
    this.checkedBlocks = checkedBlocks;
    this.bytes = bytes;
  }

  long sequence() {
    return sequence;
  }

  /** Data blocks that it counts only with. */
  int checkedBlocks() {
    return checkedBlocks;
  }

  /** Bytes in the ring, padding included. */
  int ringBytes() {
    return bytes.length;
  }

  /** The bytes to write; {@code flushed} is the last group known to be durable. */
  ByteBuffer encode(long flushed) {
    ByteBuffer whole = ByteBuffer.wrap(bytes);
    whole.putLong(JournalFormat.FLUSHED_OFFSET, flushed);
    putRecordChecksums(whole);
    whole.putInt(JournalFormat.CRC32C_OFFSET, JournalFormat.headerCrc32c(salt, bytes));
    return whole;
  }

  private void putRecordChecksums(ByteBuffer whole) {
    JournalFormat.RecordCrc crc =
        new JournalFormat.RecordCrc(salt, whole.getLong(JournalFormat.ERA_OFFSET), sequence);
    int end = whole.getInt(JournalFormat.BYTES_OFFSET);
    int at = JournalFormat.HEADER_BYTES;
    while (at < end) {
      int bodyBytes = whole.getInt(at) & JournalFormat.MAX_BODY_BYTES;
      whole.putInt(at + JournalFormat.RECORD_CRC32C_OFFSET, crc.of(bytes, at, bodyBytes));
      at += JournalFormat.RECORD_HEADER_BYTES + bodyBytes;
    }
  }
}
