package org.telosfs.persistence;

import java.util.UUID;

/**
 * A blob as a revision links it. It belongs to the object that links it first, and no other object
 * may link it; a later revision of that object may, as an undo does.
 *
 * @param id given when the blob was begun; nobody can guess it
 * @param transaction the one that linked it first; {@link TransactionId#NONE} until one did
 * @param sha256 of its content
 */
public record Blob(UUID id, TransactionId transaction, long sizeBytes, ByteString sha256) {

  /** No blob is larger: 1 TiB. */
  public static final long MAX_BYTES = 1L << 40;

  public static final int SHA256_BYTES = 32;

  public Blob {
    if (sizeBytes < 0 || sizeBytes > MAX_BYTES || sha256.size() != SHA256_BYTES) {
      throw new IllegalArgumentException(
          "a blob of " + sizeBytes + " bytes with a hash of " + sha256.size());
    }
  }

  /** Whether a transaction has linked it. */
  public boolean linked() {
    return !transaction.equals(TransactionId.NONE);
  }

  /** The same blob, linked by that transaction. */
  public Blob linkedBy(TransactionId first) {
    return new Blob(id, first, sizeBytes, sha256);
  }
}
