package org.telosfs.persistence.backup;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.telosfs.persistence.storage.AppendFile;

/** A file that is only hashed. */
final class Sha256 implements AppendFile {

  private final MessageDigest digest = newDigest();
  private long sizeBytes;

  static String of(String text) {
    return HexFormat.of().formatHex(newDigest().digest(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The hash of all so far, which ends it. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void append(ByteBuffer bytes) {
    sizeBytes += bytes.remaining();
    digest.update(bytes);
  }

  @Override
  public void truncate(long newSizeBytes) {
    throw new UnsupportedOperationException("a hash cannot be taken back");
  }

  @Override
  public void sync() {}

  @Override
  public void close() {}
}
