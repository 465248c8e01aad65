package org.telosfs.persistence.log;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.TransactionId;
import org.telosfs.persistence.TransactionMetadata;

/**
 * An intact record as it lies in the log: its checksums were right. The bytes are valid until the
 * window that read them reads again.
 *
 * @param whole header, body and padding
 */
record StoredRecord(RecordType type, long subject, long offsetBytes, ByteBuffer whole) {

  int bodyBytes() {
    return whole.getInt(LogFormat.BODY_BYTES_OFFSET);
  }

  long endOffsetBytes() {
    return offsetBytes + whole.capacity();
  }

  /** The body without padding, from index 0 to the limit. */
  ByteBuffer body() {
    return whole.slice(LogFormat.RECORD_HEADER_BYTES, bodyBytes());
  }

  ObjectId object() {
    return new ObjectId(subject);
  }

  /** Checks what a checksum cannot: that a writer of this version could have written it. */
  void requireWellFormed() throws BrokenRecordException {
    switch (type) {
      case PUT -> requireState(0);
      case PUT_WITH_BLOB -> {
        requireState(LogFormat.BLOB_BYTES);
        long size = body().getLong(LogFormat.BLOB_SIZE_OFFSET);
        if (size < 0
            || size > Blob.MAX_BYTES
            || body().getLong(LogFormat.BLOB_TRANSACTION_OFFSET) <= 0) {
          throw broken("a blob of " + size + " bytes");
        }
      }
      case DELETE -> {
        requireObject();
        if (bodyBytes() != 0) {
          throw broken("a deletion with " + bodyBytes() + " bytes");
        }
      }
      case COMMIT -> {
        if (subject <= 0 || bodyBytes() < LogFormat.COMMIT_TEXTS_OFFSET) {
          throw broken("a commit record of " + bodyBytes() + " bytes, transaction " + subject);
        }
      }
      case CLOSE -> {
        if (bodyBytes() != LogFormat.CLOSE_BODY_BYTES) {
          throw broken("a close mark of " + bodyBytes() + " bytes");
        }
      }
    }
  }

  /** The state lies behind so many bytes of the body. */
  private void requireState(int before) throws BrokenRecordException {
    requireObject();
    if (bodyBytes() < before + Integer.BYTES) {
      throw broken("a state without a count of references");
    }
    int references = body().getInt(before);
    if (references < 0 || references > (bodyBytes() - before - Integer.BYTES) / Long.BYTES) {
      throw broken(references + " references in " + bodyBytes() + " bytes");
    }
    for (int reference = 0; reference < references; reference++) {
      if (body().getLong(before + Integer.BYTES + reference * Long.BYTES) <= 0) {
        throw broken("a reference to no object");
      }
    }
  }

  /** What the object holds beside its state. */
  Optional<Blob> blob() {
    if (type != RecordType.PUT_WITH_BLOB) {
      return Optional.empty();
    }
    ByteBuffer body = body();
    return Optional.of(
        new Blob(
            new UUID(
                body.getLong(LogFormat.BLOB_ID_OFFSET),
                body.getLong(LogFormat.BLOB_ID_OFFSET + Long.BYTES)),
            new TransactionId(body.getLong(LogFormat.BLOB_TRANSACTION_OFFSET)),
            body.getLong(LogFormat.BLOB_SIZE_OFFSET),
            ByteString.copyOf(body.slice(LogFormat.BLOB_SHA256_OFFSET, Blob.SHA256_BYTES))));
  }

  /**
   * How much of the segment was durable when this was written; of commit records and close marks.
   */
  long durableBytes() {
    return body().getLong(type == RecordType.COMMIT ? LogFormat.COMMIT_DURABLE_OFFSET : 0);
  }

  ByteString chain() {
    return ByteString.copyOf(body().slice(LogFormat.COMMIT_CHAIN_OFFSET, LogFormat.CHAIN_BYTES));
  }

  Revision revision(TransactionId transaction) {
    if (type == RecordType.DELETE) {
      return Revision.deletion(object(), transaction);
    }
    ByteBuffer body = body();
    if (type == RecordType.PUT_WITH_BLOB) {
      body.position(LogFormat.BLOB_BYTES);
    }
    int count = body.getInt();
    List<ObjectId> references = new ArrayList<>(count);
    for (int reference = 0; reference < count; reference++) {
      references.add(new ObjectId(body.getLong()));
    }
    return new Revision(object(), transaction, ByteString.copyOf(body), references, false, blob());
  }

  TransactionMetadata metadata() throws BrokenRecordException {
    ByteBuffer body = body();
    int extensions = body.getInt(LogFormat.COMMIT_EXTENSIONS_OFFSET);
    if (extensions < 0 || extensions > TransactionMetadata.MAX_EXTENSIONS) {
      throw broken(extensions + " extension entries");
    }
    body.position(LogFormat.COMMIT_TEXTS_OFFSET);
    String user = text(body);
    String description = text(body);
    SortedMap<String, String> extension = new TreeMap<>();
    for (int entry = 0; entry < extensions; entry++) {
      extension.put(text(body), text(body));
    }
    return new TransactionMetadata(user, description, extension);
  }

  private String text(ByteBuffer body) throws BrokenRecordException {
    int bytes = body.remaining() < Integer.BYTES ? -1 : body.getInt();
    if (bytes < 0 || bytes > body.remaining() || bytes > TransactionMetadata.MAX_TEXT_BYTES) {
      throw broken("a text of " + bytes + " bytes with " + body.remaining() + " left");
    }
    ByteBuffer utf8 = body.slice(body.position(), bytes);
    body.position(body.position() + bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      BrokenRecordException failure = broken("a text that is not UTF-8");
      failure.addSuppressed(e);
      throw failure;
    }
  }

  private void requireObject() throws BrokenRecordException {
    if (subject <= 0) {
      throw new BrokenRecordException(offsetBytes, "a change of object " + subject, List.of());
    }
  }

  private BrokenRecordException broken(String what) {
    return new BrokenRecordException(
        offsetBytes, what, type.isChange() ? List.of(object()) : List.of());
  }
}
