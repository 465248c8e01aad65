package org.telosfs.persistence.export;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.object.StateCodec;

/** Reads the bytes of an export and believes none of them unchecked. */
final class ExportReader {
  /** A state, and some references. */
  private static final int MAX_PAYLOAD_BYTES = StateCodec.MAX_STATE_BYTES + (64 << 20);

  private final DataInputStream in;
  private final String name;

  /**
   * Reads the header.
   *
   * @param name of the file, for messages
   */
  ExportReader(InputStream in, String name) throws IOException {
    this.in = new DataInputStream(in);
    this.name = name;
    ByteBuffer header = ByteBuffer.wrap(exactly(ExportWriter.HEADER_BYTES));
    if (header.getInt() != ExportWriter.MAGIC) {
      throw new ExportFormatException(name + " is no export of objects");
    }
    short version = header.getShort();
    header.getShort();
    long features = header.getLong();
    header.getInt();
    if (header.getInt() != ExportWriter.checksum(header.array(), header.position() - 4)) {
      throw new ExportFormatException(name + ": the header is damaged");
    }
    if (version != ExportWriter.VERSION || features != ExportWriter.NO_FEATURES) {
      throw new ExportFormatException(
          name + " was made by a newer program: version " + version + ", features " + features);
    }
  }

  /** The next record; the last one is an {@link ExportRecord.End}. */
  ExportRecord next() throws IOException {
    byte[] head = exactly(Integer.BYTES + 1);
    int length = ByteBuffer.wrap(head).getInt();
    if (length < 0 || length > MAX_PAYLOAD_BYTES) {
      throw damaged("a record of " + length + " bytes");
    }
    byte[] payload = exactly(length);
    CRC32C checksum = new CRC32C();
    checksum.update(head);
    checksum.update(payload);
    if (ByteBuffer.wrap(exactly(Integer.BYTES)).getInt() != (int) checksum.getValue()) {
      throw damaged("a record's checksum is wrong");
    }
    return decode(head[Integer.BYTES], ByteBuffer.wrap(payload));
  }

  private ExportRecord decode(byte kind, ByteBuffer payload) throws ExportFormatException {
    return switch (kind) {
      case ExportWriter.OBJECT -> object(payload);
      case ExportWriter.NAME -> {
        require(payload, Long.BYTES);
        ObjectId id = id(payload);
        yield new ExportRecord.Named(StandardCharsets.UTF_8.decode(payload).toString(), id);
      }
      case ExportWriter.BLOB -> {
        require(payload, Long.BYTES + Blob.SHA256_BYTES);
        yield new ExportRecord.BlobBegins(payload.getLong(), ByteString.copyOf(payload));
      }
      case ExportWriter.BLOB_PART -> new ExportRecord.BlobPart(payload);
      case ExportWriter.END -> {
        require(payload, 2 * Long.BYTES);
        yield new ExportRecord.End(payload.getLong(), payload.getLong());
      }
      default -> throw damaged("a record of kind " + kind);
    };
  }

  private ExportRecord object(ByteBuffer payload) throws ExportFormatException {
    require(payload, Long.BYTES + Integer.BYTES);
    ObjectId id = id(payload);
    int count = payload.getInt();
    if (count < 0 || count > payload.remaining() / Long.BYTES) {
      throw damaged(count + " references in " + payload.remaining() + " bytes");
    }
    List<ObjectId> references = new ArrayList<>(count);
    for (int at = 0; at < count; at++) {
      references.add(id(payload));
    }
    return new ExportRecord.Exported(id, references, ByteString.copyOf(payload));
  }

  private ObjectId id(ByteBuffer payload) throws ExportFormatException {
    long value = payload.getLong();
    if (value < 1) {
      throw damaged("an object numbered " + value);
    }
    return new ObjectId(value);
  }

  private void require(ByteBuffer payload, int bytes) throws ExportFormatException {
    if (payload.remaining() < bytes) {
      throw damaged("a record that is too short");
    }
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException(name + " ends too early: it is not whole");
    }
    return bytes;
  }

  private ExportFormatException damaged(String what) {
    return new ExportFormatException(name + " is damaged: " + what);
  }
}
