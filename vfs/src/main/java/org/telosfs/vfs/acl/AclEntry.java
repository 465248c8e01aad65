package org.telosfs.vfs.acl;

/**
 * What one class of users may do.
 *
 * @param permissions of {@link #READ}, {@link #WRITE}, {@link #EXECUTE}
 * @param id of the user or group of {@link Tag#USER} and {@link Tag#GROUP}; of the others {@link
 *     #NO_ID}
 */
public record AclEntry(Tag tag, int permissions, int id) {
  public static final int READ = 4;
  public static final int WRITE = 2;
  public static final int EXECUTE = 1;

  /** All permissions. */
  public static final int ALL = READ | WRITE | EXECUTE;

  /** Linux's ACL_UNDEFINED_ID, which no user and no group has. */
  public static final int NO_ID = -1;

  /** An entry that names nobody. */
  public static AclEntry of(Tag tag, int permissions) {
    return new AclEntry(tag, permissions, NO_ID);
  }

  AclEntry with(int newPermissions) {
    return new AclEntry(tag, newPermissions, id);
  }

  /** Whom an entry is about, in the order in which the entries of a list stand. */
  public enum Tag {
    OWNER(0x01),
    USER(0x02),
    OWNING_GROUP(0x04),
    GROUP(0x08),
    MASK(0x10),
    OTHERS(0x20);

    private final int code;

    Tag(int code) {
      this.code = code;
    }

    /** The number in the attribute's value. */
    public int code() {
      return code;
    }

    /** True if entries of this tag name somebody. */
    public boolean isNamed() {
      return this == USER || this == GROUP;
    }
  }
}
