package org.telosfs.vfs;

/**
 * What stat(2) tells. Immutable, so that a tree caches it and getattr makes no garbage.
 *
 * @param permissions the 12 low bits of st_mode: rwx for three, sticky, setgid, setuid
 * @param links st_nlink
 * @param device st_rdev in the kernel's 32-bit encoding (makedev, new_encode_dev); 0 but for
 *     devices
 * @param sizeBytes st_size
 * @param blocks512 st_blocks: space taken, in units of 512 bytes
 * @param accessed st_atim
 * @param modified st_mtim
 * @param changed st_ctim
 * @param born birth time, which FUSE carries only by statx
 */
public record Attributes(
    InodeNumber inode,
    FileType type,
    int permissions,
    int links,
    int uid,
    int gid,
    int device,
    long sizeBytes,
    long blocks512,
    Timestamp accessed,
    Timestamp modified,
    Timestamp changed,
    Timestamp born) {

  public static final int PERMISSION_MASK = 07777;
  public static final int SETUID = 04000;
  public static final int SETGID = 02000;
  public static final int STICKY = 01000;
  public static final int GROUP_EXECUTE = 0010;

  public Attributes {
    if ((permissions & ~PERMISSION_MASK) != 0) {
      throw new IllegalArgumentException("permissions=0" + Integer.toOctalString(permissions));
    }
    if (sizeBytes < 0 || blocks512 < 0 || links < 0) {
      throw new IllegalArgumentException(
          "sizeBytes=" + sizeBytes + " blocks512=" + blocks512 + " links=" + links);
    }
  }

  /** st_mode: type and permissions. */
  public int mode() {
    return type.modeBits() | permissions;
  }

  /** True for a directory. */
  public boolean isDirectory() {
    return type == FileType.DIRECTORY;
  }
}
