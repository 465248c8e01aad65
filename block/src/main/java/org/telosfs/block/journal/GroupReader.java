package org.telosfs.block.journal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.Key;
import org.telosfs.block.journal.JournalFormat.RecordType;

/** Verifies and decodes the bytes of one group; trusts none of them. */
final class GroupReader {
  /** A header whose checksum is right. */
  record Header(long era, long sequence, long flushed, int bytes, int records) {}

  private final long salt;

  GroupReader(long salt) {
    this.salt = salt;
  }

  /** The header at the start of these bytes; null if there is none, or a damaged one. */
  @Nullable Header header(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    if (from.getInt(JournalFormat.MAGIC_OFFSET) != JournalFormat.MAGIC
        || from.get(JournalFormat.VERSION_OFFSET) != JournalFormat.VERSION
        || from.getInt(JournalFormat.CRC32C_OFFSET) != JournalFormat.headerCrc32c(salt, bytes)) {
      return null;
    }
    Header header =
        new Header(
            from.getLong(JournalFormat.ERA_OFFSET),
            from.getLong(JournalFormat.SEQUENCE_OFFSET),
            from.getLong(JournalFormat.FLUSHED_OFFSET),
            from.getInt(JournalFormat.BYTES_OFFSET),
            from.getInt(JournalFormat.RECORDS_OFFSET));
    return header.bytes() < JournalFormat.HEADER_BYTES || header.records() < 1 ? null : header;
  }

  /**
   * Walks the records of a group and tells them to {@code sink}, if there is one.
   *
   * @param bytes at least {@code header.bytes()}
   * @return false if the group is not whole; nothing may be told before this was asked without a
   *     sink
   */
  boolean records(Header header, byte[] bytes, @Nullable JournalSink sink) {
    ByteBuffer from = ByteBuffer.wrap(bytes, 0, header.bytes());
    JournalFormat.RecordCrc crc =
        new JournalFormat.RecordCrc(salt, header.era(), header.sequence());
    int at = JournalFormat.HEADER_BYTES;
    for (int record = 1; record <= header.records(); record++) {
      if (header.bytes() - at < JournalFormat.RECORD_HEADER_BYTES) {
        return false;
      }
      int typeAndLength = from.getInt(at);
      int bodyBytes = typeAndLength & JournalFormat.MAX_BODY_BYTES;
      if (header.bytes() - at - JournalFormat.RECORD_HEADER_BYTES < bodyBytes
          || from.getInt(at + JournalFormat.RECORD_CRC32C_OFFSET) != crc.of(bytes, at, bodyBytes)) {
        return false;
      }
      RecordType type = type(typeAndLength >>> 24);
      boolean last = record == header.records();
      int body = at + JournalFormat.RECORD_HEADER_BYTES;
      if (type == null
          || last != (type == RecordType.COMMIT)
          || !tell(type, record, bytes, body, bodyBytes, sink)) {
        return false;
      }
      at = body + bodyBytes;
    }
    return at == header.bytes();
  }

  private static boolean tell(
      RecordType type,
      int record,
      byte[] bytes,
      int body,
      int bodyBytes,
      @Nullable JournalSink sink) {
    ByteBuffer from = ByteBuffer.wrap(bytes, body, bodyBytes);
    return switch (type) {
      case PUT -> tellPut(bytes, from, sink);
      case DELETE -> tellDelete(bytes, from, sink);
      case ALLOCATE, FREE -> tellExtent(type, from, sink);
      case CHECK -> tellCheck(from, sink);
      case COMMIT -> bodyBytes == JournalFormat.COMMIT_BODY_BYTES && from.getInt() == record;
    };
  }

  private static boolean tellPut(byte[] bytes, ByteBuffer from, @Nullable JournalSink sink) {
    if (from.remaining() < Short.BYTES) {
      return false;
    }
    int keyBytes = Short.toUnsignedInt(from.getShort());
    if (!isKeyLength(keyBytes) || keyBytes > from.remaining()) {
      return false;
    }
    if (sink != null) {
      int value = from.position() + keyBytes;
      sink.put(
          Arrays.copyOfRange(bytes, from.position(), value),
          Arrays.copyOfRange(bytes, value, from.limit()));
    }
    return true;
  }

  private static boolean tellDelete(byte[] bytes, ByteBuffer from, @Nullable JournalSink sink) {
    if (!isKeyLength(from.remaining())) {
      return false;
    }
    if (sink != null) {
      sink.delete(Arrays.copyOfRange(bytes, from.position(), from.limit()));
    }
    return true;
  }

  private static boolean tellExtent(RecordType type, ByteBuffer from, @Nullable JournalSink sink) {
    if (from.remaining() != JournalFormat.EXTENT_BODY_BYTES) {
      return false;
    }
    long start = from.getLong();
    int blocks = from.getInt();
    if (start <= 0 || blocks <= 0) {
      return false;
    }
    if (sink != null && type == RecordType.ALLOCATE) {
      sink.allocate(start, blocks);
    } else if (sink != null) {
      sink.free(start, blocks);
    }
    return true;
  }

  private static boolean tellCheck(ByteBuffer from, @Nullable JournalSink sink) {
    int blocks = (from.remaining() - Long.BYTES) / BlockChecksums.BYTES_PER_BLOCK;
    if (blocks < 1
        || from.remaining() != Long.BYTES + blocks * BlockChecksums.BYTES_PER_BLOCK
        || from.getLong(from.position()) <= 0) {
      return false;
    }
    if (sink != null) {
      long start = from.getLong();
      sink.check(start, BlockChecksums.decode(from, blocks));
    }
    return true;
  }

  private static boolean isKeyLength(int bytes) {
    return bytes >= 1 && bytes <= Key.MAX_BYTES;
  }

  private static @Nullable RecordType type(int code) {
    for (RecordType type : RecordType.values()) {
      if (type.code == code) {
        return type;
      }
    }
    return null;
  }
}
