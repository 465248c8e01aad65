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
 *      0    1 version: 2; 1 ended before the flags
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
 *    100    4 flags
 *    104    4 project
 * </pre>
 *
 * @param sizeBytes of a file or symlink; 0 for a directory
 * @param blocks of 4,096 bytes on the device
 * @param parent the directory that holds this one; of the root, the root; 0 for what is no
 *     directory
 * @param entries names in a directory
 * @param nextCookie greater than any cookie ever used in a directory
 * @param flags of {@link #MAY_HAVE_XATTRS} and {@link #MAY_SHARE_BLOCKS}
 * @param project what a directory's quota counts it to; 0 for none
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
    long nextCookie,
    int flags,
    int project) {

  /** Cookies 1 and 2 are {@code .} and {@code ..}. */
  public static final long FIRST_COOKIE = 3;

  /** Without it the inode has no extended attribute. */
  public static final int MAY_HAVE_XATTRS = 1;

  /** Without it no block of the file is another file's, too. */
  public static final int MAY_SHARE_BLOCKS = 2;

  private static final byte WITHOUT_FLAGS = 1;
  private static final byte VERSION = 2;
  private static final int BYTES_WITHOUT_FLAGS = 100;
  private static final int BYTES = 108;
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

  /** Whether all these flags are set. */
  public boolean has(int asked) {
    return (flags & asked) == asked;
  }

  public InodeRecord withLinks(int newLinks, Timestamp now) {
    Draft draft = new Draft(this);
    draft.links = newLinks;
    draft.changed = now;
    return draft.record();
  }

  /** A directory after its names have changed. */
  public InodeRecord withEntries(long newEntries, long cookie, int newLinks, Timestamp now) {
    Draft draft = new Draft(this);
    draft.entries = newEntries;
    draft.nextCookie = cookie;
    draft.links = newLinks;
    draft.modified = now;
    draft.changed = now;
    return draft.record();
  }

  public InodeRecord withParent(long newParent, Timestamp now) {
    Draft draft = new Draft(this);
    draft.parent = newParent;
    draft.changed = now;
    return draft.record();
  }

  public InodeRecord withContent(long newSizeBytes, long newBlocks, Timestamp now) {
    Draft draft = new Draft(this);
    draft.sizeBytes = newSizeBytes;
    draft.blocks = newBlocks;
    draft.modified = now;
    draft.changed = now;
    return draft.record();
  }

  public InodeRecord withBlocks(long newBlocks) {
    Draft draft = new Draft(this);
    draft.blocks = newBlocks;
    return draft.record();
  }

  public InodeRecord withOwner(int newPermissions, int newUid, int newGid) {
    Draft draft = new Draft(this);
    draft.permissions = newPermissions;
    draft.uid = newUid;
    draft.gid = newGid;
    return draft.record();
  }

  public InodeRecord withTimes(Timestamp access, Timestamp modification, Timestamp change) {
    Draft draft = new Draft(this);
    draft.accessed = access;
    draft.modified = modification;
    draft.changed = change;
    return draft.record();
  }

  /** With these flags added. */
  public InodeRecord withFlags(int added) {
    if (has(added)) {
      return this;
    }
    Draft draft = new Draft(this);
    draft.flags |= added;
    return draft.record();
  }

  public InodeRecord withProject(int newProject) {
    Draft draft = new Draft(this);
    draft.project = newProject;
    return draft.record();
  }

  /** A record on its way to become another. */
  private static final class Draft {
    private final InodeRecord from;
    private int permissions;
    private int links;
    private int uid;
    private int gid;
    private long sizeBytes;
    private long blocks;
    private Timestamp accessed;
    private Timestamp modified;
    private Timestamp changed;
    private long parent;
    private long entries;
    private long nextCookie;
    private int flags;
    private int project;

    Draft(InodeRecord from) {
      this.from = from;
      this.permissions = from.permissions;
      this.links = from.links;
      this.uid = from.uid;
      this.gid = from.gid;
      this.sizeBytes = from.sizeBytes;
      this.blocks = from.blocks;
      this.accessed = from.accessed;
      this.modified = from.modified;
      this.changed = from.changed;
      this.parent = from.parent;
      this.entries = from.entries;
      this.nextCookie = from.nextCookie;
      this.flags = from.flags;
      this.project = from.project;
    }

    InodeRecord record() {
      return new InodeRecord(
          from.type,
          permissions,
          links,
          uid,
          gid,
          from.device,
          sizeBytes,
          blocks,
          accessed,
          modified,
          changed,
          from.born,
          parent,
          entries,
          nextCookie,
          flags,
          project);
    }
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
    into.putInt(flags).putInt(project);
    return into.array();
  }

  /**
   * The record of these bytes, of this version or an older one.
   *
   * @throws PosixFormatException if they are none
   */
  public static InodeRecord decode(byte[] bytes) throws PosixFormatException {
    boolean current = bytes.length == BYTES && bytes[0] == VERSION;
    if (!current && (bytes.length != BYTES_WITHOUT_FLAGS || bytes[0] != WITHOUT_FLAGS)) {
      throw new PosixFormatException("inode record of " + bytes.length + " bytes");
    }
    ByteBuffer from = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
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
    int flags = current ? from.getInt() : MAY_HAVE_XATTRS;
    int project = current ? from.getInt() : 0;
    if ((permissions & ~Attributes.PERMISSION_MASK) != 0 || links < 0 || size < 0 || blocks < 0) {
      throw new PosixFormatException(
          "inode record: permissions " + permissions + ", links " + links + ", size " + size);
    }
    if ((flags & ~(MAY_HAVE_XATTRS | MAY_SHARE_BLOCKS)) != 0) {
      throw new PosixFormatException("inode record: flags " + Integer.toHexString(flags));
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
        nextCookie,
        flags,
        project);
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
