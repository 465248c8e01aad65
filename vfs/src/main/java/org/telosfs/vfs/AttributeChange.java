package org.telosfs.vfs;

import org.jspecify.annotations.Nullable;

/**
 * What chmod, chown, truncate and utimensat ask for, together; what is absent is kept. The kernel
 * has already checked whether the caller may ask (it also clears setgid for a caller outside the
 * group).
 *
 * @param permissions the 12 bits of chmod
 * @param uid new owner
 * @param gid new group
 * @param sizeBytes new size
 * @param accessed new atime
 * @param modified new mtime
 * @param clearPrivileges clear setuid, and setgid where the group may execute, since the file is
 *     truncated or given away by someone without CAP_FSETID (FATTR_KILL_SUIDGID)
 */
public record AttributeChange(
    @Nullable Integer permissions,
    @Nullable Integer uid,
    @Nullable Integer gid,
    @Nullable Long sizeBytes,
    TimeChange accessed,
    TimeChange modified,
    boolean clearPrivileges) {

  /** Changes nothing but ctime. */
  public static final AttributeChange NONE =
      new AttributeChange(null, null, null, null, TimeChange.KEEP, TimeChange.KEEP, false);

  /** Clears set-id bits, as {@code clearPrivileges} says, and changes nothing else but ctime. */
  public static final AttributeChange CLEAR_PRIVILEGES =
      new AttributeChange(null, null, null, null, TimeChange.KEEP, TimeChange.KEEP, true);

  public AttributeChange {
    if (permissions != null && (permissions & ~Attributes.PERMISSION_MASK) != 0) {
      throw new IllegalArgumentException("permissions=0" + Integer.toOctalString(permissions));
    }
  }

  /** chmod(2). */
  public static AttributeChange permissions(int permissions) {
    return new AttributeChange(
        permissions, null, null, null, TimeChange.KEEP, TimeChange.KEEP, false);
  }

  /** chown(2); null keeps. */
  public static AttributeChange owner(@Nullable Integer uid, @Nullable Integer gid) {
    return new AttributeChange(null, uid, gid, null, TimeChange.KEEP, TimeChange.KEEP, false);
  }

  /** truncate(2). */
  public static AttributeChange size(long sizeBytes) {
    return new AttributeChange(
        null, null, null, sizeBytes, TimeChange.KEEP, TimeChange.KEEP, false);
  }

  /** utimensat(2). */
  public static AttributeChange times(TimeChange accessed, TimeChange modified) {
    return new AttributeChange(null, null, null, null, accessed, modified, false);
  }
}
