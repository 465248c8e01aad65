package org.telosfs.posix.format;

import java.util.zip.CRC32C;
import org.telosfs.vfs.FileName;

/**
 * Spreads names over 64 bits: CRC32C of the name above an FNV-1a of it. Not secret: names of equal
 * hash are kept side by side in one record, for as many as fit.
 */
public final class NameHash {
  private static final int FNV_OFFSET = 0x811C9DC5;
  private static final int FNV_PRIME = 0x01000193;

  private NameHash() {}

  /** The hash of a name. */
  public static long of(FileName name) {
    byte[] bytes = name.toBytes();
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    int fnv = FNV_OFFSET;
    for (byte b : bytes) {
      fnv = (fnv ^ (b & 0xFF)) * FNV_PRIME;
    }
    return crc.getValue() << Integer.SIZE | Integer.toUnsignedLong(fnv);
  }
}
