package org.telosfs.block.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.telosfs.block.BlockGeometry;

/**
 * A group in the ring, version 1, big-endian. It starts at a multiple of {@value #ALIGN_BYTES}
 * bytes, goes on at the ring's start when it reaches the end, and is followed by zeros up to the
 * next multiple.
 *
 * <pre>
 * offset size field
 *      0    4 magic "TJRN"
 *      4    1 version
 *      5    3 zero
 *      8    8 era, as in the superblock
 *     16    8 sequence
 *     24    8 flushed: this group and all before it were durable when this one was written
 *     32    4 bytes: header and records, COMMIT included
 *     36    4 records, COMMIT included
 *     40    4 crc32c of the volume's salt and 0..39
 *     44      records
 *
 * a record:
 *      0    1 type
 *      1    3 body bytes
 *      4    4 crc32c of the volume's salt, the era, the sequence, 0..3 and the body
 *      8      body
 * body of PUT: 2 key bytes | key | value      of DELETE: key
 *      of ALLOCATE and FREE: 8 first block | 4 blocks      of COMMIT: 4 records
 *      of CHECK: 8 first block | 4 crc32c of each block
 * </pre>
 */
final class JournalFormat {
  static final int MAGIC = 0x544A524E;
  static final int VERSION = 1;
  static final int ALIGN_BYTES = BlockGeometry.BLOCK_BYTES;

  static final int MAGIC_OFFSET = 0;
  static final int VERSION_OFFSET = MAGIC_OFFSET + Integer.BYTES;
  static final int ERA_OFFSET = VERSION_OFFSET + Integer.BYTES;
  static final int SEQUENCE_OFFSET = ERA_OFFSET + Long.BYTES;
  static final int FLUSHED_OFFSET = SEQUENCE_OFFSET + Long.BYTES;
  static final int BYTES_OFFSET = FLUSHED_OFFSET + Long.BYTES;
  static final int RECORDS_OFFSET = BYTES_OFFSET + Integer.BYTES;
  static final int CRC32C_OFFSET = RECORDS_OFFSET + Integer.BYTES;
  static final int HEADER_BYTES = CRC32C_OFFSET + Integer.BYTES;

  static final int RECORD_CRC32C_OFFSET = Integer.BYTES;
  static final int RECORD_HEADER_BYTES = RECORD_CRC32C_OFFSET + Integer.BYTES;
  static final int EXTENT_BODY_BYTES = Long.BYTES + Integer.BYTES;
  static final int COMMIT_BODY_BYTES = Integer.BYTES;
  static final int MAX_BODY_BYTES = (1 << 24) - 1;

  private JournalFormat() {}

  /** The types of records; codes are on disk: append, never renumber. 0 is unused space. */
  enum RecordType {
    PUT(1),
    DELETE(2),
    ALLOCATE(3),
    FREE(4),
    // 5 is kept for file data that travels in the journal.
    COMMIT(6),
    CHECK(7);

    final int code;

    RecordType(int code) {
      this.code = code;
    }
  }

  static int headerCrc32c(long salt, byte[] group) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, salt));
    crc.update(group, 0, CRC32C_OFFSET);
    return (int) crc.getValue();
  }

  /** Checksums of the records of one group; used by one thread. */
  static final class RecordCrc {
    private final CRC32C crc = new CRC32C();

    /** What the checksum of each record begins with. */
    private final byte[] before;

    RecordCrc(long salt, long era, long sequence) {
      before =
          ByteBuffer.allocate(3 * Long.BYTES).putLong(salt).putLong(era).putLong(sequence).array();
    }

    /** The checksum of the record that begins {@code at} there in the group. */
    int of(byte[] group, int at, int bodyBytes) {
      crc.reset();
      crc.update(before, 0, before.length);
      crc.update(group, at, RECORD_CRC32C_OFFSET);
      crc.update(group, at + RECORD_HEADER_BYTES, bodyBytes);
      return (int) crc.getValue();
    }
  }
}
