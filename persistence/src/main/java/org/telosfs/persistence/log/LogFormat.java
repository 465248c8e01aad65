package org.telosfs.persistence.log;

import java.util.regex.Pattern;
import org.telosfs.persistence.Blob;

/**
 * The bytes of a log, versions 1 to 4. All numbers are big-endian; {@code
 * docs/formats/object-log.md} says the same in prose.
 *
 * <pre>
 * segment header                                     record header
 *  offset size field                                  offset size field
 *       0    8 magic "TELOSLOG"                            0    2 magic "TR"
 *       8    4 crc32c of all other header bytes            2    1 type
 *      12    4 version; 2 and 4 are packed                 3    1 zero
 *      16    4 segment number, from 1                      4    4 body bytes, without padding
 *      20    4 number of the pack that wrote it, or 0      8    8 subject: object id, or transaction id
 *      24   16 log id                                     16    4 crc32c of the body and its padding
 *      40    8 bytes of the segment before, or 0          20    4 crc32c of log id, segment number:u32,
 *      48   32 chain value before the first                       record offset:u64, record header 0..19
 *              transaction                                24      body, then zeros up to a multiple of 8
 *
 * body of PUT     0 4 references | 4 8*references object ids | then the state
 * body of DELETE  nothing
 * body of COMMIT  0 32 chain value | 32 8 durable bytes | 40 4 records before this one | 44 4 extension entries
 *                 48 user, description, and a name and a value for each entry: each a length:u32 and UTF-8
 * body of PUT_WITH_BLOB, in segments of version 3 and 4 only
 *                 0 16 blob's id | 16 8 transaction that linked it first | 24 8 its bytes | 32 32 its SHA-256
 *                 64 as the body of PUT
 * body of CLOSE   0 8 durable bytes
 *
 * chain value     = SHA-256 of: the chain value before, the transaction's records before COMMIT with their padding,
 *                   the transaction id, COMMIT's body from byte 32 on without padding; 32 zero bytes before the first
 * durable bytes   = how much of this segment was synced before these bytes were written
 *
 * packed segment  header of version 2, the runs, the table of runs, the trailer
 * run             whole records, byte for byte as they lay in the segment before it was packed first
 * table           for each run, ascending: 0 4 offset in that first segment | 4 4 offset in this file
 * trailer          offset size field                         offset size field
 *                       0    8 magic "TELOSPAK"                  32    8 greatest object id ever in the segment
 *                       8    4 crc32c of trailer 12..119         40    8 horizon, a transaction id
 *                      12    4 runs                              48   32 chain value behind the segment
 *                      16    8 size before it was packed first   80   32 SHA-256 of all before the trailer
 *                      24    8 newest transaction id ever       112    4 crc32c of the table
 *                               in the segment                 116    4 zero
 * </pre>
 */
final class LogFormat {

  static final int VERSION = 1;
  static final int PACKED_VERSION = 2;

  /** What is added to the version of a segment that may link blobs. */
  static final int WITH_BLOBS = 2;

  static final int NEWEST_VERSION = PACKED_VERSION + WITH_BLOBS;

  static final long SEGMENT_MAGIC = 0x54454C4F534C4F47L; // "TELOSLOG"
  static final int SEGMENT_MAGIC_OFFSET = 0;
  static final int SEGMENT_CRC_OFFSET = SEGMENT_MAGIC_OFFSET + Long.BYTES;
  static final int SEGMENT_VERSION_OFFSET = SEGMENT_CRC_OFFSET + Integer.BYTES;
  static final int SEGMENT_NUMBER_OFFSET = SEGMENT_VERSION_OFFSET + Integer.BYTES;
  static final int SEGMENT_PACK_OFFSET = SEGMENT_NUMBER_OFFSET + Integer.BYTES;
  static final int SEGMENT_LOG_ID_OFFSET = SEGMENT_PACK_OFFSET + Integer.BYTES;
  static final int LOG_ID_BYTES = 2 * Long.BYTES;
  static final int SEGMENT_PREVIOUS_BYTES_OFFSET = SEGMENT_LOG_ID_OFFSET + LOG_ID_BYTES;
  static final int SEGMENT_CHAIN_OFFSET = SEGMENT_PREVIOUS_BYTES_OFFSET + Long.BYTES;
  static final int CHAIN_BYTES = 32;
  static final int SEGMENT_HEADER_BYTES = SEGMENT_CHAIN_OFFSET + CHAIN_BYTES;

  static final short RECORD_MAGIC = 0x5452; // "TR"
  static final int MAGIC_OFFSET = 0;
  static final int TYPE_OFFSET = MAGIC_OFFSET + Short.BYTES;
  static final int ZERO_OFFSET = TYPE_OFFSET + Byte.BYTES;
  static final int BODY_BYTES_OFFSET = ZERO_OFFSET + Byte.BYTES;
  static final int SUBJECT_OFFSET = BODY_BYTES_OFFSET + Integer.BYTES;
  static final int BODY_CRC_OFFSET = SUBJECT_OFFSET + Long.BYTES;
  static final int HEADER_CRC_OFFSET = BODY_CRC_OFFSET + Integer.BYTES;
  static final int RECORD_HEADER_BYTES = HEADER_CRC_OFFSET + Integer.BYTES;

  static final int RECORD_ALIGNMENT = 8;

  static final int COMMIT_CHAIN_OFFSET = 0;
  static final int COMMIT_DURABLE_OFFSET = COMMIT_CHAIN_OFFSET + CHAIN_BYTES;
  static final int COMMIT_RECORDS_OFFSET = COMMIT_DURABLE_OFFSET + Long.BYTES;
  static final int COMMIT_EXTENSIONS_OFFSET = COMMIT_RECORDS_OFFSET + Integer.BYTES;
  static final int COMMIT_TEXTS_OFFSET = COMMIT_EXTENSIONS_OFFSET + Integer.BYTES;

  static final int BLOB_ID_OFFSET = 0;
  static final int BLOB_TRANSACTION_OFFSET = BLOB_ID_OFFSET + 2 * Long.BYTES;
  static final int BLOB_SIZE_OFFSET = BLOB_TRANSACTION_OFFSET + Long.BYTES;
  static final int BLOB_SHA256_OFFSET = BLOB_SIZE_OFFSET + Long.BYTES;
  static final int BLOB_BYTES = BLOB_SHA256_OFFSET + Blob.SHA256_BYTES;

  static final int CLOSE_BODY_BYTES = Long.BYTES;

  static final int RUN_BYTES = 2 * Integer.BYTES;

  static final long TRAILER_MAGIC = 0x54454C4F5350414BL; // "TELOSPAK"
  static final int TRAILER_CRC_OFFSET = Long.BYTES;
  static final int TRAILER_RUNS_OFFSET = TRAILER_CRC_OFFSET + Integer.BYTES;
  static final int TRAILER_SIZE_OFFSET = TRAILER_RUNS_OFFSET + Integer.BYTES;
  static final int TRAILER_NEWEST_OFFSET = TRAILER_SIZE_OFFSET + Long.BYTES;
  static final int TRAILER_GREATEST_OFFSET = TRAILER_NEWEST_OFFSET + Long.BYTES;
  static final int TRAILER_HORIZON_OFFSET = TRAILER_GREATEST_OFFSET + Long.BYTES;
  static final int TRAILER_CHAIN_OFFSET = TRAILER_HORIZON_OFFSET + Long.BYTES;
  static final int TRAILER_HASH_OFFSET = TRAILER_CHAIN_OFFSET + CHAIN_BYTES;
  static final int TRAILER_TABLE_CRC_OFFSET = TRAILER_HASH_OFFSET + 32;
  static final int TRAILER_BYTES = TRAILER_TABLE_CRC_OFFSET + 2 * Integer.BYTES;

  /** A segment's file; one that is being made has {@link #UNFINISHED} behind it. */
  static final Pattern SEGMENT_NAME = Pattern.compile("log-([0-9]{8})\\.seg");

  static final String UNFINISHED = ".tmp";

  private LogFormat() {}

  static String segmentName(int number) {
    String digits = Integer.toString(number); // a Formatter's first use takes 10 ms of a start
    return "log-" + "0".repeat(Math.max(0, 8 - digits.length())) + digits + ".seg";
  }

  /**
   * The bytes a body takes with its padding; a long, since the claim of a hostile header may be the
   * largest int.
   */
  static long paddedBytes(long bodyBytes) {
    return (bodyBytes + RECORD_ALIGNMENT - 1) & -RECORD_ALIGNMENT;
  }
}
