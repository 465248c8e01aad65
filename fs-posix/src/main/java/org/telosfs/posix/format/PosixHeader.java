package org.telosfs.posix.format;

import java.nio.ByteBuffer;

/**
 * The filesystem as a whole.
 *
 * <pre>
 * offset size field
 *      0    4 magic "TPFS"
 *      4    2 version
 *      6    2 zero
 *      8    8 features that a reader must know: {@link #SHARED_BLOCKS}, {@link #QUOTAS}
 *     16    8 inode limit: the next inode number after a crash; greater than any in use
 * </pre>
 *
 * @param features bits; an unknown one means that a newer program wrote it
 * @param inodeLimit numbers from here on are unused
 */
public record PosixHeader(long features, long inodeLimit) {
  private static final int MAGIC = 0x54504653;
  private static final short VERSION = 1;
  private static final int BYTES = 24;

  /** Inode records have flags, and extents of several files may hold the same blocks. */
  public static final long SHARED_BLOCKS = 1;

  /** Usage is counted in quota records, of every user, group and directory with a quota. */
  public static final long QUOTAS = 2;

  /** Every feature this program knows. */
  public static final long KNOWN_FEATURES = SHARED_BLOCKS | QUOTAS;

  /** The features that this program gives to whatever it writes. */
  public static final long STANDARD_FEATURES = SHARED_BLOCKS;

  /** This header, once what needs these features may be written. */
  public PosixHeader withFeatures(long more) {
    return new PosixHeader(features | more, inodeLimit);
  }

  public boolean has(long asked) {
    return (features & asked) == asked;
  }

  public byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .putInt(MAGIC)
        .putShort(VERSION)
        .putShort((short) 0)
        .putLong(features)
        .putLong(inodeLimit)
        .array();
  }

  /**
   * The header of these bytes.
   *
   * @throws PosixFormatException if they are none, or one of a newer program
   */
  public static PosixHeader decode(byte[] bytes) throws PosixFormatException {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    if (bytes.length != BYTES || from.getInt() != MAGIC) {
      throw new PosixFormatException("the volume holds no TelosFS filesystem");
    }
    int version = from.getShort();
    from.getShort();
    long features = from.getLong();
    if (version != VERSION || (features & ~KNOWN_FEATURES) != 0) {
      throw new PosixFormatException(
          String.format(
              "the filesystem has version %d and features %x, which need a newer TelosFS",
              version, features));
    }
    return new PosixHeader(features, from.getLong());
  }
}
