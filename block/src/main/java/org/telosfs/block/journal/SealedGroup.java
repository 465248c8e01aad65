package org.telosfs.block.journal;

import java.nio.ByteBuffer;

/** An encoded group that waits to be written; whole but for what is known only then. */
final class SealedGroup {
  private final long salt;
  private final long sequence;
  private final int checkedBlocks;
  private final byte[] bytes;

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
    whole.putInt(JournalFormat.CRC32C_OFFSET, JournalFormat.headerCrc32c(salt, bytes));
    return whole;
  }
}
