package org.telosfs.persistence.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.telosfs.persistence.LocalObjectStore;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.StoreSnapshot;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionRange;
import org.telosfs.persistence.storage.MemoryStorageDirectory;

/**
 * A segment of any records with right checksums is read, or is said to be damaged. The input is a
 * sequence of records: type, two bytes that say how long the body is, eight of the subject, body;
 * they lie behind the header of a new log.
 */
public final class RecordFuzz {
  private static final int PREFIX_BYTES = Byte.BYTES + Short.BYTES + Long.BYTES;
  private static final String SEGMENT = LogFormat.segmentName(1);

  private RecordFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    MemoryStorageDirectory directory = new MemoryStorageDirectory();
    LocalObjectStore.create(directory);
    byte[] header = directory.content(SEGMENT);
    directory.put(SEGMENT, segment(header, ByteBuffer.wrap(input)));
    directory.delete("index");
    try (LocalObjectStore store = LocalObjectStore.openReadOnly(directory);
        StoreSnapshot snapshot = store.snapshot()) {
      snapshot.get(snapshot.ids(ObjectId.ROOTS, 99));
      store.transactions(TransactionRange.after(TransactionId.NONE, 99));
    } catch (StoreException damaged) {
      if (!String.valueOf(damaged.getMessage()).contains(SEGMENT)) {
        throw new AssertionError("which segment is damaged is not told", damaged);
      }
    }
  }

  private static byte[] segment(byte[] header, ByteBuffer input) {
    ByteBuffer from = ByteBuffer.wrap(header);
    UUID logId =
        new UUID(
            from.getLong(LogFormat.SEGMENT_LOG_ID_OFFSET),
            from.getLong(LogFormat.SEGMENT_LOG_ID_OFFSET + Long.BYTES));
    RecordSeal seal = new RecordSeal(logId, 1);
    int records = 1 + input.remaining() / PREFIX_BYTES;
    ByteBuffer bytes =
        ByteBuffer.allocate(
            LogFormat.SEGMENT_HEADER_BYTES
                + input.remaining()
                + records * (LogFormat.RECORD_HEADER_BYTES + LogFormat.RECORD_ALIGNMENT));
    bytes.put(header, 0, LogFormat.SEGMENT_HEADER_BYTES);
    while (input.remaining() >= PREFIX_BYTES) {
      putRecord(bytes, seal, input);
    }
    byte[] whole = new byte[bytes.position()];
    bytes.flip().get(whole);
    return whole;
  }

  private static void putRecord(ByteBuffer into, RecordSeal seal, ByteBuffer input) {
    int start = into.position();
    byte type = input.get();
    int wanted = Short.toUnsignedInt(input.getShort());
    long subject = input.getLong();
    int bodyBytes = Math.min(wanted, input.remaining());
    into.putShort(LogFormat.RECORD_MAGIC).put(type).put((byte) 0).putInt(bodyBytes);
    into.putLong(subject).putInt(0).putInt(0);
    into.put(input.slice(input.position(), bodyBytes));
    input.position(input.position() + bodyBytes);
    int wholeBytes = LogFormat.RECORD_HEADER_BYTES + (int) LogFormat.paddedBytes(bodyBytes);
    into.position(start + wholeBytes);
    seal.seal(into, start, start);
    decode(into.slice(start, wholeBytes), start);
  }

  /** On its own as well: chain values keep most records from being read at all. */
  private static void decode(ByteBuffer whole, int offset) {
    RecordType type = RecordType.ofCode(whole.get(LogFormat.TYPE_OFFSET));
    if (type == null) {
      return;
    }
    StoredRecord record =
        new StoredRecord(type, whole.getLong(LogFormat.SUBJECT_OFFSET), offset, whole);
    try {
      record.requireWellFormed();
      if (type.isChange()) {
        record.revision(TransactionId.NONE);
      } else if (type == RecordType.COMMIT) {
        record.metadata();
      }
    } catch (BrokenRecordException refused) {
      if (refused.offsetBytes() != offset) {
        throw new AssertionError("the place of the damage is wrong", refused);
      }
    }
  }
}
