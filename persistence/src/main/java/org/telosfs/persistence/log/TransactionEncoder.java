package org.telosfs.persistence.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.telosfs.persistence.Blob;
import org.telosfs.persistence.ByteString;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.ObjectPut;
import org.telosfs.persistence.TransactionMetadata;

/** Turns one transaction into the bytes for one place in the log. */
final class TransactionEncoder {

  private final RecordSeal seal;
  private final long offsetBytes;
  private final ByteBuffer bytes;
  private final List<LoggedTransaction.Change> changes = new ArrayList<>();

  private TransactionEncoder(RecordSeal seal, long offsetBytes, int sizeBytes) {
    this.seal = seal;
    this.offsetBytes = offsetBytes;
    this.bytes = ByteBuffer.allocate(sizeBytes);
  }

  /** A transaction's bytes, where they belong, and the chain value after them. */
  record Encoded(ByteBuffer bytes, LoggedTransaction where, ByteString chain) {}

  static long sizeBytes(LogTransaction transaction) {
    long size = recordBytes(commitBodyBytes(transaction.metadata()));
    for (ObjectPut put : transaction.puts()) {
      size += recordBytes(putBodyBytes(put));
    }
    return size + transaction.deletes().size() * recordBytes(0);
  }

  static Encoded encode(
      LogTransaction transaction, RecordSeal seal, LogEnd end, long durableBytes) {
    TransactionEncoder encoder =
        new TransactionEncoder(seal, end.offsetBytes(), Math.toIntExact(sizeBytes(transaction)));
    transaction.puts().forEach(encoder::put);
    transaction.deletes().forEach(encoder::delete);
    return encoder.commit(transaction, end.chain(), durableBytes);
  }

  /** The mark of a log that was closed in order: all before it is durable. */
  static ByteBuffer encodeClose(RecordSeal seal, LogEnd end) {
    TransactionEncoder encoder =
        new TransactionEncoder(
            seal, end.offsetBytes(), (int) recordBytes(LogFormat.CLOSE_BODY_BYTES));
    int start = encoder.startRecord(RecordType.CLOSE, 0, LogFormat.CLOSE_BODY_BYTES);
    encoder.bytes.putLong(end.offsetBytes());
    encoder.endRecord(start);
    return encoder.bytes.flip();
  }

  private void put(ObjectPut put) {
    RecordType type = put.blob().isPresent() ? RecordType.PUT_WITH_BLOB : RecordType.PUT;
    int start = startRecord(type, put.id().value(), putBodyBytes(put));
    put.blob().ifPresent(this::blob);
    bytes.putInt(put.references().size());
    for (ObjectId reference : put.references()) {
      bytes.putLong(reference.value());
    }
    put.state().putInto(bytes);
    endRecord(start);
    changes.add(new LoggedTransaction.Change(put.id(), position(start), false, put.blob()));
  }

  private void blob(Blob blob) {
    bytes
        .putLong(blob.id().getMostSignificantBits())
        .putLong(blob.id().getLeastSignificantBits())
        .putLong(blob.transaction().epochNanos())
        .putLong(blob.sizeBytes());
    blob.sha256().putInto(bytes);
  }

  private void delete(ObjectId id) {
    int start = startRecord(RecordType.DELETE, id.value(), 0);
    endRecord(start);
    changes.add(new LoggedTransaction.Change(id, position(start), true, Optional.empty()));
  }

  private Encoded commit(LogTransaction transaction, ByteString chain, long durableBytes) {
    HashChain hash = new HashChain(chain);
    hash.records(bytes.slice(0, bytes.position()));
    TransactionMetadata metadata = transaction.metadata();
    int bodyBytes = Math.toIntExact(commitBodyBytes(metadata));
    int start = startRecord(RecordType.COMMIT, transaction.id().epochNanos(), bodyBytes);
    int body = bytes.position();
    bytes.position(body + LogFormat.COMMIT_DURABLE_OFFSET);
    bytes.putLong(durableBytes).putInt(changes.size()).putInt(metadata.extension().size());
    text(metadata.user());
    text(metadata.description());
    for (Map.Entry<String, String> entry : metadata.extension().entrySet()) {
      text(entry.getKey());
      text(entry.getValue());
    }
    ByteString newChain = hash.commit(transaction.id().epochNanos(), bytes.slice(body, bodyBytes));
    bytes.put(body + LogFormat.COMMIT_CHAIN_OFFSET, newChain.toByteArray());
    endRecord(start);
    return new Encoded(
        bytes.flip(), new LoggedTransaction(transaction.id(), position(start), changes), newChain);
  }

  private int startRecord(RecordType type, long subject, long bodyBytes) {
    int start = bytes.position();
    bytes
        .putShort(LogFormat.RECORD_MAGIC)
        .put(type.code())
        .put((byte) 0)
        .putInt(Math.toIntExact(bodyBytes))
        .putLong(subject)
        .putInt(0)
        .putInt(0);
    return start;
  }

  private void endRecord(int start) {
    int bodyBytes = bytes.position() - start - LogFormat.RECORD_HEADER_BYTES;
    bytes.position(start + LogFormat.RECORD_HEADER_BYTES + (int) LogFormat.paddedBytes(bodyBytes));
    seal.seal(bytes, start, offsetBytes + start);
  }

  private long position(int start) {
    return LogPosition.of(seal.segment(), offsetBytes + start);
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    bytes.putInt(utf8.length).put(utf8);
  }

  private static long recordBytes(long bodyBytes) {
    return LogFormat.RECORD_HEADER_BYTES + LogFormat.paddedBytes(bodyBytes);
  }

  private static long putBodyBytes(ObjectPut put) {
    return (put.blob().isPresent() ? LogFormat.BLOB_BYTES : 0)
        + Integer.BYTES
        + (long) Long.BYTES * put.references().size()
        + put.state().size();
  }

  private static long commitBodyBytes(TransactionMetadata metadata) {
    long size =
        LogFormat.COMMIT_TEXTS_OFFSET
            + textBytes(metadata.user())
            + textBytes(metadata.description());
    for (Map.Entry<String, String> entry : metadata.extension().entrySet()) {
      size += textBytes(entry.getKey()) + textBytes(entry.getValue());
    }
    return size;
  }

  private static long textBytes(String text) {
    return Integer.BYTES + (long) text.getBytes(StandardCharsets.UTF_8).length;
  }
}
