package org.telosfs.block.journal;

import java.nio.ByteBuffer;
import java.util.Random;

/** Changes the bytes of a group and makes its checksums right again, as an attacker would. */
public final class JournalForgery {
  private final long salt;
  private final Random random;

  public JournalForgery(long salt, Random random) {
    this.salt = salt;
    this.random = random;
  }

  /** Length of the group that starts here, in whole alignments; 0 if there is none. */
  public static int groupBytes(byte[] ring, int at) {
    ByteBuffer from = ByteBuffer.wrap(ring);
    if (at > ring.length - JournalFormat.ALIGN_BYTES
        || from.getInt(at + JournalFormat.MAGIC_OFFSET) != JournalFormat.MAGIC) {
      return 0;
    }
    int bytes = from.getInt(at + JournalFormat.BYTES_OFFSET);
    int padded = (bytes + JournalFormat.ALIGN_BYTES - 1) & -JournalFormat.ALIGN_BYTES;
    return padded > 0 && padded <= ring.length - at ? padded : 0;
  }

  /** Changes a group somewhere, and fixes what can be fixed. */
  public void forge(byte[] group) {
    ByteBuffer bytes = ByteBuffer.wrap(group);
    int length = bytes.getInt(JournalFormat.BYTES_OFFSET);
    switch (random.nextInt(4)) {
      case 0:
        int[] fields = {
          JournalFormat.ERA_OFFSET + 4,
          JournalFormat.SEQUENCE_OFFSET + 4,
          JournalFormat.FLUSHED_OFFSET + 4,
          JournalFormat.BYTES_OFFSET,
          JournalFormat.RECORDS_OFFSET
        };
        bytes.putInt(fields[random.nextInt(fields.length)], value());
        break;
      case 1:
        int record = record(group, length);
        bytes.putInt(record, random.nextBoolean() ? value() : bytes.getInt(record) ^ 1 << 24);
        break;
      case 2:
        int body = record(group, length) + JournalFormat.RECORD_HEADER_BYTES;
        if (body + Long.BYTES < length) {
          bytes.putLong(body, random.nextBoolean() ? value() : random.nextLong());
        }
        break;
      default:
        group[JournalFormat.HEADER_BYTES + random.nextInt(length - JournalFormat.HEADER_BYTES)] ^=
            (byte) (1 << random.nextInt(8));
    }
    fix(group, length);
  }

  private int value() {
    int[] values = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 24, random.nextInt(5000)};
    return values[random.nextInt(values.length)];
  }

  /** Where some record starts. */
  private int record(byte[] group, int length) {
    int at = JournalFormat.HEADER_BYTES;
    for (int skip = random.nextInt(8); skip > 0; skip--) {
      int next = after(group, at);
      if (next > length - JournalFormat.RECORD_HEADER_BYTES) {
        break;
      }
      at = next;
    }
    return at;
  }

  private static int after(byte[] group, int at) {
    return at
        + JournalFormat.RECORD_HEADER_BYTES
        + (ByteBuffer.wrap(group).getInt(at) & JournalFormat.MAX_BODY_BYTES);
  }

  private void fix(byte[] group, int length) {
    ByteBuffer bytes = ByteBuffer.wrap(group);
    long era = bytes.getLong(JournalFormat.ERA_OFFSET);
    long sequence = bytes.getLong(JournalFormat.SEQUENCE_OFFSET);
    JournalFormat.RecordCrc crc = new JournalFormat.RecordCrc(salt, era, sequence);
    int at = JournalFormat.HEADER_BYTES;
    while (at <= length - JournalFormat.RECORD_HEADER_BYTES && after(group, at) <= length) {
      int end = after(group, at);
      int bodyBytes = end - at - JournalFormat.RECORD_HEADER_BYTES;
      bytes.putInt(at + JournalFormat.RECORD_CRC32C_OFFSET, crc.of(group, at, bodyBytes));
      at = end;
    }
    bytes.putInt(JournalFormat.CRC32C_OFFSET, JournalFormat.headerCrc32c(salt, group));
  }
}
