package org.telosfs.block.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.journal.JournalFormat.RecordType;

/** Encodes one group. Used under the lock that orders the commits. */
final class GroupBuilder implements JournalSink {
  private static final int FIRST_BYTES = 8 * 1024;

  private final long salt;
  private final long era;
  private final long sequence;
  private byte[] bytes = new byte[FIRST_BYTES];
  private ByteBuffer into = ByteBuffer.wrap(bytes).position(JournalFormat.HEADER_BYTES);
  private int records;
  private int checkedBlocks;

  GroupBuilder(long salt, long era, long sequence) {
    this.salt = salt;
    this.era = era;
    this.sequence = sequence;
  }

  boolean isEmpty() {
    return records == 0;
  }

  /** Blocks that the group counts only with. */
  int checkedBlocks() {
    return checkedBlocks;
  }

  /** Bytes so far, without the COMMIT. */
  int bytes() {
    return into.position();
  }

  @Override
  public void put(byte[] key, byte[] value) {
    begin(RecordType.PUT, Short.BYTES + key.length + value.length);
    into.putShort((short) key.length).put(key).put(value);
  }

  @Override
  public void delete(byte[] key) {
    begin(RecordType.DELETE, key.length);
    into.put(key);
  }

  @Override
  public void allocate(long startBlock, int blocks) {
    extent(RecordType.ALLOCATE, startBlock, blocks);
  }

  @Override
  public void free(long startBlock, int blocks) {
    extent(RecordType.FREE, startBlock, blocks);
  }

  @Override
  public void check(long startBlock, BlockChecksums checksums) {
    int blocks = checksums.blocks();
    begin(RecordType.CHECK, Long.BYTES + blocks * BlockChecksums.BYTES_PER_BLOCK);
    into.putLong(startBlock);
    checksums.encode(into);
    checkedBlocks += blocks;
  }

  private void extent(RecordType type, long startBlock, int blocks) {
    begin(type, JournalFormat.EXTENT_BODY_BYTES);
    into.putLong(startBlock).putInt(blocks);
  }

  /** Ends the group; nothing may be added afterwards. */
  SealedGroup seal() {
    begin(RecordType.COMMIT, JournalFormat.COMMIT_BODY_BYTES);
    into.putInt(records);
    int length = into.position();
    int padded = Math.toIntExact(BlockGeometry.alignUp(length, JournalFormat.ALIGN_BYTES));
    into.putInt(JournalFormat.MAGIC_OFFSET, JournalFormat.MAGIC)
        .put(JournalFormat.VERSION_OFFSET, (byte) JournalFormat.VERSION)
        .putLong(JournalFormat.ERA_OFFSET, era)
        .putLong(JournalFormat.SEQUENCE_OFFSET, sequence)
        .putInt(JournalFormat.BYTES_OFFSET, length)
        .putInt(JournalFormat.RECORDS_OFFSET, records);
    return new SealedGroup(salt, sequence, checkedBlocks, Arrays.copyOf(bytes, padded));
  }

  /** Begins a record, but for its checksum. */
  private void begin(RecordType type, int bodyBytes) {
    if (bodyBytes > JournalFormat.MAX_BODY_BYTES) {
      throw new IllegalArgumentException("a record of " + bodyBytes + " bytes");
    }
    int at = into.position();
    int needed = at + JournalFormat.RECORD_HEADER_BYTES + bodyBytes;
    if (needed < 0) {
      throw new IllegalStateException("a group of more than 2 GiB");
    }
    if (needed > bytes.length) {
      int grown = (int) Math.min(Integer.MAX_VALUE - 64L, bytes.length * 2L);
      bytes = Arrays.copyOf(bytes, Math.max(needed, grown));
      into = ByteBuffer.wrap(bytes).position(at);
    }
    into.putInt(type.code << 24 | bodyBytes).putInt(0);
    records++;
  }
}
