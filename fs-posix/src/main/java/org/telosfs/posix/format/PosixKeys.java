package org.telosfs.posix.format;

import java.nio.ByteBuffer;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.XattrName;

/**
 * The one owner of key layouts, big-endian so that numbers sort as they count.
 *
 * <pre>
 * HEADER           1 family
 * INODE            1 family | 8 inode
 * ENTRY_BY_HASH    1 family | 8 directory | 8 name hash
 * ENTRY_BY_COOKIE  1 family | 8 directory | 8 cookie
 * EXTENT           1 family | 8 inode | 8 first block of the file
 * XATTR            1 family | 8 inode | 1 name bytes | name | 2 piece
 * ORPHAN           1 family | 8 inode
 * SYMLINK          1 family | 8 inode
 * SHARED_BLOCKS    1 family | 8 first block on the device
 * QUOTA            1 family | 1 kind of subject | 4 uid, gid or project
 * </pre>
 *
 * Keys are handed to the volume as arrays that nobody changes afterwards.
 */
public final class PosixKeys {
  private static final int FAMILY_BYTES = 1;
  private static final int INODE_BYTES = FAMILY_BYTES + Long.BYTES;
  private static final int QUOTA_BYTES = FAMILY_BYTES + 1 + Integer.BYTES;
  private static final int PAIR_BYTES = INODE_BYTES + Long.BYTES;

  private PosixKeys() {}

  public static byte[] header() {
    return new byte[] {KeyFamily.HEADER.code()};
  }

  public static byte[] inode(long inode) {
    return one(KeyFamily.INODE, inode);
  }

  public static byte[] entryByHash(long directory, FileName name) {
    return two(KeyFamily.ENTRY_BY_HASH, directory, NameHash.of(name));
  }

  public static byte[] entryByCookie(long directory, long cookie) {
    return two(KeyFamily.ENTRY_BY_COOKIE, directory, cookie);
  }

  public static byte[] extent(long inode, long fileBlock) {
    return two(KeyFamily.EXTENT, inode, fileBlock);
  }

  public static byte[] orphan(long inode) {
    return one(KeyFamily.ORPHAN, inode);
  }

  public static byte[] symlink(long inode) {
    return one(KeyFamily.SYMLINK, inode);
  }

  public static byte[] sharedBlocks(long startBlock) {
    return one(KeyFamily.SHARED_BLOCKS, startBlock);
  }

  public static byte[] quota(QuotaSubject subject) {
    return ByteBuffer.allocate(QUOTA_BYTES)
        .put(KeyFamily.QUOTA.code())
        .put(subject.kind().code())
        .putInt(subject.id())
        .array();
  }

  /**
   * The subject of a {@link KeyFamily#QUOTA} key.
   *
   * @throws PosixFormatException if its kind is unknown
   */
  public static QuotaSubject quotaSubjectOf(byte[] key) throws PosixFormatException {
    ByteBuffer from = ByteBuffer.wrap(key, FAMILY_BYTES, QUOTA_BYTES - FAMILY_BYTES);
    byte kind = from.get();
    QuotaSubject.Kind known = QuotaSubject.Kind.of(kind);
    if (known == null) {
      throw new PosixFormatException("quota key of kind " + kind);
    }
    return new QuotaSubject(known, from.getInt());
  }

  /** A piece of an attribute's value; piece 0 always exists. */
  public static byte[] xattr(long inode, XattrName name, int piece) {
    byte[] key = new byte[INODE_BYTES + 1 + name.length() + Short.BYTES];
    ByteBuffer into = ByteBuffer.wrap(key);
    into.put(KeyFamily.XATTR.code()).putLong(inode).put((byte) name.length());
    name.putInto(into);
    into.putShort((short) piece);
    return key;
  }

  /** The least key of a family for an inode; {@link #end} of it is the least one beyond. */
  public static byte[] first(KeyFamily family, long inode) {
    return one(family, inode);
  }

  /** The least key of a family. */
  public static byte[] first(KeyFamily family) {
    return new byte[] {family.code()};
  }

  /** The least key beyond all of a family for an inode. */
  public static byte[] end(KeyFamily family, long inode) {
    return one(family, inode + 1);
  }

  /** The least key beyond all of a family. */
  public static byte[] end(KeyFamily family) {
    return new byte[] {(byte) (family.code() + 1)};
  }

  /** The first number of any key but the header's: an inode, a directory, a device block. */
  public static long inodeOf(byte[] key) {
    return ByteBuffer.wrap(key).getLong(FAMILY_BYTES);
  }

  /** The second number of an entry's or extent's key: hash, cookie or file block. */
  public static long secondOf(byte[] key) {
    return ByteBuffer.wrap(key).getLong(INODE_BYTES);
  }

  /** True if the key is of this family and inode. */
  public static boolean isOf(byte[] key, KeyFamily family, long inode) {
    return key.length >= INODE_BYTES && key[0] == family.code() && inodeOf(key) == inode;
  }

  /**
   * The attribute's name in an {@link KeyFamily#XATTR} key.
   *
   * @throws PosixFormatException if there is none
   */
  public static XattrName xattrNameOf(byte[] key) throws PosixFormatException {
    int nameBytes = key.length - INODE_BYTES - 1 - Short.BYTES;
    if (nameBytes < 1 || Byte.toUnsignedInt(key[INODE_BYTES]) != nameBytes) {
      throw new PosixFormatException("attribute key of " + key.length + " bytes");
    }
    byte[] name = new byte[nameBytes];
    System.arraycopy(key, INODE_BYTES + 1, name, 0, nameBytes);
    try {
      return XattrName.of(name);
    } catch (FsException notAName) {
      throw new PosixFormatException("attribute key: " + notAName.getMessage());
    }
  }

  /** The number of the piece in an {@link KeyFamily#XATTR} key. */
  public static int xattrPieceOf(byte[] key) {
    return Short.toUnsignedInt(ByteBuffer.wrap(key).getShort(key.length - Short.BYTES));
  }

  /** Whether a key of a family has a length it can have. */
  public static boolean hasRightLength(byte[] key, KeyFamily family) {
    return switch (family) {
      case HEADER -> key.length == FAMILY_BYTES;
      case INODE, ORPHAN, SYMLINK, SHARED_BLOCKS -> key.length == INODE_BYTES;
      case ENTRY_BY_HASH, ENTRY_BY_COOKIE, EXTENT -> key.length == PAIR_BYTES;
      case QUOTA -> key.length == QUOTA_BYTES;
      case XATTR -> key.length > INODE_BYTES + 1 + Short.BYTES;
    };
  }

  private static byte[] one(KeyFamily family, long first) {
    return ByteBuffer.allocate(INODE_BYTES).put(family.code()).putLong(first).array();
  }

  private static byte[] two(KeyFamily family, long first, long second) {
    return ByteBuffer.allocate(PAIR_BYTES)
        .put(family.code())
        .putLong(first)
        .putLong(second)
        .array();
  }
}
