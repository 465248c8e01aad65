package org.telosfs.vfs.acl;

import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.XattrName;

/** The two lists that an inode may have, each an extended attribute. */
public enum AclKind {
  /** Decides about access. */
  ACCESS("system.posix_acl_access"),
  /** What new files in a directory get. */
  DEFAULT("system.posix_acl_default");

  @SuppressWarnings("ImmutableEnumChecker") // names are immutable
  private final XattrName attribute;

  AclKind(String attribute) {
    this.attribute = XattrName.of(attribute);
  }

  /** The attribute that holds it. */
  public XattrName attribute() {
    return attribute;
  }

  /** The list that is kept under this name; null if the name is another attribute's. */
  public static @Nullable AclKind of(XattrName name) {
    for (AclKind kind : values()) {
      if (kind.attribute.equals(name)) {
        return kind;
      }
    }
    return null;
  }

  /**
   * Refuses what cannot have such a list.
   *
   * @throws FsException EOPNOTSUPP for a symbolic link, EACCES for a default list on what is no
   *     directory
   */
  public void requireOn(FileType type) throws FsException {
    if (type == FileType.SYMLINK) {
      throw new FsException(Errno.EOPNOTSUPP, attribute + " on a symbolic link");
    }
    if (this == DEFAULT && type != FileType.DIRECTORY) {
      throw new FsException(Errno.EACCES, attribute + " on what is no directory");
    }
  }
}
