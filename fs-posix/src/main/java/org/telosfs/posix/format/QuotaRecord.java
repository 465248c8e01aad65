package org.telosfs.posix.format;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Limits and usage of a {@link QuotaSubject}, which stands in the key.
 *
 * <pre>
 * offset size field
 *      0    1 version
 *      1    1 passage of a directory's inodes: 0 none, 1 being assigned, 2 being given back
 *      2    2 zero
 *      4    4 the project they come from or go to
 *      8    8 directory; 0 for users and groups, and once the directory has no quota any more
 *     16    8 most blocks of 4,096 bytes; 0 for no limit
 *     24    8 most inodes; 0 for no limit
 *     32    8 blocks in use
 *     40    8 inodes in use
 * </pre>
 *
 * @param passage what remains to be done with the inodes of a directory
 * @param otherProject where they come from or go to
 * @param directory the inode whose tree is counted
 */
public record QuotaRecord(
    Passage passage,
    int otherProject,
    long directory,
    long mostBlocks,
    long mostInodes,
    long blocks,
    long inodes) {
  private static final byte VERSION = 1;
  private static final int OTHER_PROJECT_OFFSET = 4;
  private static final int BYTES = 48;

  /**
   * A directory's inodes get their project one after the other. On disk: append, never renumber.
   */
  public enum Passage {
    /** All have it. */
    NONE(0),
    /** From another project to this one. */
    ASSIGNING(1),
    /** From this project to another one, as the quota has been removed. */
    GIVING_BACK(2);

    private final int code;

    Passage(int code) {
      this.code = code;
    }

    static @Nullable Passage of(byte code) {
      for (Passage passage : values()) {
        if (passage.code == code) {
          return passage;
        }
      }
      return null;
    }
  }

  public QuotaRecord {
    if (mostBlocks < 0 || mostInodes < 0 || blocks < 0 || inodes < 0) {
      throw new IllegalArgumentException(
          "limits " + mostBlocks + ", " + mostInodes + "; usage " + blocks + ", " + inodes);
    }
  }

  public byte[] encode() {
    return ByteBuffer.allocate(BYTES)
        .put(VERSION)
        .put((byte) passage.code)
        .position(OTHER_PROJECT_OFFSET)
        .putInt(otherProject)
        .putLong(directory)
        .putLong(mostBlocks)
        .putLong(mostInodes)
        .putLong(blocks)
        .putLong(inodes)
        .array();
  }

  /**
   * The record of these bytes.
   *
   * @throws PosixFormatException if they are none
   */
  public static QuotaRecord decode(byte[] bytes) throws PosixFormatException {
    if (bytes.length != BYTES || bytes[0] != VERSION) {
      throw new PosixFormatException("quota record of " + bytes.length + " bytes");
    }
    ByteBuffer from = ByteBuffer.wrap(bytes, 1, BYTES - 1);
    Passage passage = Passage.of(from.get());
    int otherProject = from.position(OTHER_PROJECT_OFFSET).getInt();
    long directory = from.getLong();
    long mostBlocks = from.getLong();
    long mostInodes = from.getLong();
    long blocks = from.getLong();
    long inodes = from.getLong();
    if (passage == null || mostBlocks < 0 || mostInodes < 0 || blocks < 0 || inodes < 0) {
      throw new PosixFormatException(
          "quota record: limits "
              + mostBlocks
              + " and "
              + mostInodes
              + ", usage "
              + blocks
              + " and "
              + inodes);
    }
    return new QuotaRecord(
        passage, otherProject, directory, mostBlocks, mostInodes, blocks, inodes);
  }
}
