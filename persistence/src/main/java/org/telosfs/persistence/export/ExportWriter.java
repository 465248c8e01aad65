package org.telosfs.persistence.export;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.ObjectId;

/** Writes the bytes of an export: docs/formats/export.md. */
final class ExportWriter {
  static final int MAGIC = 0x54504558; // TPEX
  static final short VERSION = 1;
  static final long NO_FEATURES = 0;
  static final int HEADER_BYTES = 24;

  static final byte OBJECT = 1;
  static final byte NAME = 2;
  static final byte END = 3;
  static final byte BLOB = 4;
  static final byte BLOB_PART = 5;

  private final DataOutputStream out;

  ExportWriter(OutputStream out) throws IOException {
    this.out = new DataOutputStream(out);
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putInt(MAGIC).putShort(VERSION).putShort((short) 0).putLong(NO_FEATURES).putInt(0);
    header.putInt(checksum(header.array(), header.position()));
    this.out.write(header.array());
  }

  void write(ExportRecord record) throws IOException {
    if (record instanceof ExportRecord.Exported object) {
      ByteBuffer payload =
          ByteBuffer.allocate(
              Long.BYTES
                  + Integer.BYTES
                  + object.references().size() * Long.BYTES
                  + object.state().size());
      payload.putLong(object.id().value()).putInt(object.references().size());
      for (ObjectId reference : object.references()) {
        payload.putLong(reference.value());
      }
      object.state().putInto(payload);
      write(OBJECT, payload.array());
    } else if (record instanceof ExportRecord.BlobBegins blob) {
      ByteBuffer payload = ByteBuffer.allocate(Long.BYTES + Blob.SHA256_BYTES);
      payload.putLong(blob.sizeBytes());
      blob.sha256().putInto(payload);
      write(BLOB, payload.array());
    } else if (record instanceof ExportRecord.BlobPart part) {
      byte[] bytes = new byte[part.bytes().remaining()];
      part.bytes().get(bytes);
      write(BLOB_PART, bytes);
    } else if (record instanceof ExportRecord.Named named) {
      byte[] name = named.name().getBytes(StandardCharsets.UTF_8);
      write(
          NAME,
          ByteBuffer.allocate(Long.BYTES + name.length)
              .putLong(named.id().value())
              .put(name)
              .array());
    } else if (record instanceof ExportRecord.End end) {
      write(
          END,
          ByteBuffer.allocate(2 * Long.BYTES).putLong(end.objects()).putLong(end.names()).array());
      out.flush();
    }
  }

  private void write(byte kind, byte[] payload) throws IOException {
    byte[] head = ByteBuffer.allocate(Integer.BYTES + 1).putInt(payload.length).put(kind).array();
    out.write(head);
    out.write(payload);
    CRC32C checksum = new CRC32C();
    checksum.update(head);
    checksum.update(payload);
    out.writeInt((int) checksum.getValue());
  }

  static int checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }
}
