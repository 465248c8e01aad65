package org.telosfs.persistence.log;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.telosfs.persistence.ByteString;

/** The chain value of one transaction while its records come by. */
final class HashChain {

  private final MessageDigest digest;

  HashChain(ByteString previous) {
    digest = sha256();
    digest.update(previous.asByteBuffer());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** Whole records before the commit record, padding included. */
  void records(ByteBuffer bytes) {
    digest.update(bytes);
  }

  /** The commit record's body, without padding; ends the transaction. */
  ByteString commit(long transactionId, ByteBuffer body) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, transactionId));
    digest.update(
        body.slice(
            LogFormat.COMMIT_DURABLE_OFFSET, body.limit() - LogFormat.COMMIT_DURABLE_OFFSET));
    return ByteString.copyOf(digest.digest());
  }
}
