package org.telosfs.persistence.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.StoreException;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.storage.ReadFile;

/**
 * The bytes of a blob's file, version 1; {@code docs/formats/blob.md} says the same in prose. All
 * numbers are big-endian.
 *
 * <pre>
 * content         as it was written
 * table           for each chunk of the content: 4 crc32c of the chunk
 * trailer          offset size field
 *                       0    8 magic "TELOSBLB"
 *                       8    4 crc32c of trailer 12..95
 *                      12    4 version
 *                      16    4 features that a reader must know
 *                      20    4 features that a reader may ignore
 *                      24    4 bytes of a chunk; the last may have fewer
 *                      28    4 crc32c of the table
 *                      32    8 bytes of the content
 *                      40   16 id
 *                      56   32 SHA-256 of the content
 *                      88    8 zero
 * </pre>
 */
final class BlobFormat {

  static final int VERSION = 1;
  static final int CHUNK_BYTES = 64 * 1024;
  static final int CHECKSUM_BYTES = Integer.BYTES;

  private static final long MAGIC = 0x54454C4F53424C42L; // "TELOSBLB"
  private static final int CRC_OFFSET = Long.BYTES;
  private static final int VERSION_OFFSET = CRC_OFFSET + Integer.BYTES;
  private static final int REQUIRED_OFFSET = VERSION_OFFSET + Integer.BYTES;
  private static final int IGNORABLE_OFFSET = REQUIRED_OFFSET + Integer.BYTES;
  private static final int CHUNK_OFFSET = IGNORABLE_OFFSET + Integer.BYTES;
  private static final int TABLE_CRC_OFFSET = CHUNK_OFFSET + Integer.BYTES;
  private static final int SIZE_OFFSET = TABLE_CRC_OFFSET + Integer.BYTES;
  private static final int ID_OFFSET = SIZE_OFFSET + Long.BYTES;
  private static final int SHA256_OFFSET = ID_OFFSET + 2 * Long.BYTES;
  static final int TRAILER_BYTES = SHA256_OFFSET + Blob.SHA256_BYTES + Long.BYTES;

  private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.blob");

  static final String UNFINISHED = ".tmp";

  private BlobFormat() {}

  /** What a file's name says: the object it belongs to, and the transaction that linked it. */
  record Name(ObjectId object, TransactionId transaction) {

    String fileName() {
      return String.format("%016x-%016x.blob", object.value(), transaction.epochNanos());
    }

    static Optional<Name> of(String fileName) {
      Matcher matcher = NAME.matcher(fileName);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      long object = Long.parseUnsignedLong(matcher.group(1), 16);
      long transaction = Long.parseUnsignedLong(matcher.group(2), 16);
      return object <= 0 || transaction <= 0
          ? Optional.empty()
          : Optional.of(new Name(new ObjectId(object), new TransactionId(transaction)));
    }
  }

  static long chunks(long sizeBytes) {
    return (sizeBytes + CHUNK_BYTES - 1) / CHUNK_BYTES;
  }

  /** The bytes a blob's file has. */
  static long fileBytes(long sizeBytes) {
    return sizeBytes + chunks(sizeBytes) * CHECKSUM_BYTES + TRAILER_BYTES;
  }

  static ByteBuffer trailer(Blob blob, int tableChecksum) {
    ByteBuffer bytes =
        ByteBuffer.allocate(TRAILER_BYTES)
            .putLong(MAGIC)
            .putInt(0)
            .putInt(VERSION)
            .putInt(0)
            .putInt(0)
            .putInt(CHUNK_BYTES)
            .putInt(tableChecksum)
            .putLong(blob.sizeBytes())
            .putLong(blob.id().getMostSignificantBits())
            .putLong(blob.id().getLeastSignificantBits());
    blob.sha256().putInto(bytes);
    return bytes.putLong(0).putInt(CRC_OFFSET, checksum(bytes)).flip();
  }

  /**
   * The blob that a trailer tells of, as {@code transaction} linked it, and the checksum of its
   * table.
   */
  record Trailer(Blob blob, int tableChecksum) {

    static Trailer read(ReadFile file, String name, TransactionId transaction) throws IOException {
      long size = file.sizeBytes();
      ByteBuffer bytes = ByteBuffer.allocate(TRAILER_BYTES);
      if (size < TRAILER_BYTES
          || file.read(bytes, size - TRAILER_BYTES) < TRAILER_BYTES
          || bytes.getLong(0) != MAGIC
          || bytes.getInt(CRC_OFFSET) != checksum(bytes)) {
        throw damaged(name, Math.max(0, size - TRAILER_BYTES), "the blob's trailer is damaged");
      }
      int version = bytes.getInt(VERSION_OFFSET);
      if (version > VERSION) {
        throw new StoreException.TooNew(name, version, VERSION);
      }
      long content = bytes.getLong(SIZE_OFFSET);
      if (version < 1
          || bytes.getInt(REQUIRED_OFFSET) != 0
          || bytes.getInt(CHUNK_OFFSET) != CHUNK_BYTES
          || content < 0
          || content > Blob.MAX_BYTES
          || fileBytes(content) != size) {
        throw damaged(
            name, size - TRAILER_BYTES, "the blob's trailer does not go with this program or file");
      }
      return new Trailer(
          new Blob(
              new UUID(bytes.getLong(ID_OFFSET), bytes.getLong(ID_OFFSET + Long.BYTES)),
              transaction,
              content,
              ByteString.copyOf(bytes.array(), SHA256_OFFSET, Blob.SHA256_BYTES)),
          bytes.getInt(TABLE_CRC_OFFSET));
    }
  }

  static StoreException.Damaged damaged(String name, long offsetBytes, String what) {
    List<ObjectId> object = Name.of(name).map(Name::object).stream().toList();
    return new StoreException.Damaged(name, offsetBytes, object, what);
  }

  private static int checksum(ByteBuffer trailer) {
    CRC32C crc = new CRC32C();
    crc.update(trailer.slice(VERSION_OFFSET, TRAILER_BYTES - VERSION_OFFSET));
    return (int) crc.getValue();
  }
}
