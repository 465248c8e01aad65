package org.telosfs.posix.format;

import java.nio.ByteBuffer;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.Timestamp;

/**
 * An inode; immutable.
 *
 * <pre>
 * offset size field
 *      0    1 version
 *      1    1 type, as in d_type
 *      2    2 permissions, 12 bits
 *      4    4 links
 *      8    4 uid
 *     12    4 gid
 *     16    4 device
 *     20    8 size in bytes; of a directory, its number of entries
 *     28    8 blocks of 4,096 bytes taken
 *     36    4 times 8 seconds and 4 nanoseconds: accessed, modified, changed, born
 *     84    8 parent directory (directories), else 0
 *     92    8 next cookie (directories), else 0
 * </pre>
 *
 * @param sizeBytes of a file or symlink; 0 for a directory
 * @param blocks of 4,096 bytes on the device
 * @param parent the directory that holds this one; of the root, the root; 0 for what is no
 *     directory
 * @param entries names in a directory
 * @param nextCookie greater than any cookie ever used in a directory
 */
public record InodeRecord(
    FileType type,
    int permissions,
    int links,
    int uid,
    int gid,
    int device,
    long sizeBytes,
    long blocks,
    Timestamp accessed,
    Timestamp modified,
    Timestamp changed,
    Timestamp born,
    long parent,
    long entries,
    long nextCookie) {

  /** Cookies 1 and 2 are {@code .} and {@code ..}. */
  public static final long FIRST_COOKIE = 3;

  private static final byte VERSION = 1;
  private static final int BYTES = 100;
  private static final int UNITS_PER_BLOCK = 8;

  /** What stat tells of it. */
  public Attributes attributes(InodeNumber inode) {
    return new Attributes(
        inode,
        type,
        permissions,
        links,
        uid,
        gid,
        device,
        isDirectory() ? 4096 : sizeBytes,
        isDirectory() ? UNITS_PER_BLOCK : blocks * UNITS_PER_BLOCK,
        accessed,
        modified,
        changed,
        born);
  }

  public boolean isDirectory() {
    return type == FileType.DIRECTORY;
  }

  public InodeRecord withLinks(int newLinks, Timestamp now) {
    return new InodeRecord(
        type,
        permissions,
        newLinks,
        uid,
        gid,
        device,
        sizeBytes,
        blocks,
        accessed,
        modified,
        now,
        born,
        parent,
        entries,
        nextCookie);
  }

  /** A directory after its names have changed. */
  public InodeRecord withEntries(long newEntries, long cookie, int newLinks, Timestamp now) {
    return new InodeRecord(
        type,
        permissions,
        newLinks,
        uid,
        gid,
        device,
        sizeBytes,
        blocks,
        accessed,
        now,
        now,
        born,
        parent,
        newEntries,
        cookie);
  }

  public InodeRecord withParent(long newParent, Timestamp now) {
    return new InodeRecord(
        type,
        permissions,
        links,
        uid,
        gid,
        device,
        sizeBytes,
        blocks,
        accessed,
        modified,
        now,
        born,
        newParent,
        entries,
        nextCookie);
  }

  public InodeRecord withContent(long newSizeBytes, long newBlocks, Timestamp now) {
    return new InodeRecord(
        type,
        permissions,
        links,
        uid,
        gid,
        device,
        newSizeBytes,
        newBlocks,
        accessed,
        now,
        now,
        born,
        parent,
        entries,
        nextCookie);
  }

  public InodeRecord withBlocks(long newBlocks) {
    return new InodeRecord(
        type,
        permissions,
        links,
        uid,
        gid,
        device,
        sizeBytes,
        newBlocks,
        accessed,
        modified,
        changed,
        born,
        parent,
        entries,
        nextCookie);
  }

  public InodeRecord withOwner(int newPermissions, int newUid, int newGid) {
    return new InodeRecord(
        type,
        newPermissions,
        links,
        newUid,
        newGid,
        device,
        sizeBytes,
        blocks,
        accessed,
        modified,
        changed,
        born,
        parent,
        entries,
        nextCookie);
  }

  public InodeRecord withTimes(Timestamp access, Timestamp modification, Timestamp change) {
    return new InodeRecord(
        type,
        permissions,
        links,
        uid,
        gid,
        device,
        sizeBytes,
        blocks,
        access,
        modification,
        change,
        born,
        parent,
        entries,
        nextCookie);
  }

  public byte[] encode() {
    ByteBuffer into = ByteBuffer.allocate(BYTES);
    into.put(VERSION).put((byte) type.code()).putShort((short) permissions);
    into.putInt(links).putInt(uid).putInt(gid).putInt(device);
    into.putLong(isDirectory() ? entries : sizeBytes).putLong(blocks);
    put(into, accessed);
    put(into, modified);
    put(into, changed);
    put(into, born);
    into.putLong(parent).putLong(nextCookie);
    return into.array();
  }

  /**
   * The record of these bytes.
   *
   * @throws PosixFormatException if they are none
   */
  public static InodeRecord decode(byte[] bytes) throws PosixFormatException {
    if (bytes.length != BYTES || bytes[0] != VERSION) {
      throw new PosixFormatException("inode record of " + bytes.length + " bytes");
    }
    ByteBuffer from = ByteBuffer.wrap(bytes, 1, BYTES - 1);
    FileType type = type(from.get());
    int permissions = from.getShort();
    int links = from.getInt();
    int uid = from.getInt();
    int gid = from.getInt();
    int device = from.getInt();
    long size = from.getLong();
    long blocks = from.getLong();
    Timestamp accessed = time(from);
    Timestamp modified = time(from);
    Timestamp changed = time(from);
    Timestamp born = time(from);
    long parent = from.getLong();
    long nextCookie = from.getLong();
    if ((permissions & ~Attributes.PERMISSION_MASK) != 0 || links < 0 || size < 0 || blocks < 0) {
      throw new PosixFormatException(
          "inode record: permissions " + permissions + ", links " + links + ", size " + size);
    }
    boolean directory = type == FileType.DIRECTORY;
    return new InodeRecord(
        type,
        permissions,
        links,
        uid,
        gid,
        device,
        directory ? 0 : size,
        blocks,
        accessed,
        modified,
        changed,
        born,
        parent,
        directory ? size : 0,
        nextCookie);
  }

  static FileType type(byte code) throws PosixFormatException {
    try {
      return FileType.ofCode(code);
    } catch (FsException unknown) {
      throw new PosixFormatException(String.valueOf(unknown.getMessage()));
    }
  }

  private static void put(ByteBuffer into, Timestamp time) {
    into.putLong(time.seconds()).putInt(time.nanos());
  }

  private static Timestamp time(ByteBuffer from) throws PosixFormatException {
    long seconds = from.getLong();
    int nanos = from.getInt();
    if (nanos < 0 || nanos > 999_999_999) {
      throw new PosixFormatException("a time with " + nanos + " nanoseconds");
    }
    return new Timestamp(seconds, nanos);
  }
}
