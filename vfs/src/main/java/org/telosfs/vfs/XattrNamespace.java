package org.telosfs.vfs;

import java.util.ArrayList;
import java.util.List;

/** The namespaces whose attributes mean nothing to a tree, and what sets them apart (xattr(7)). */
public enum XattrNamespace {
  /** Permission bits decide; only regular files and directories have these. */
  USER("user."),
  /** The superuser's; the kernel lets nobody else read or change them, but asks us to list. */
  TRUSTED("trusted."),
  /** Of security modules, and file capabilities; the kernel decides. */
  SECURITY("security.");

  private final String prefix;

  XattrNamespace(String prefix) {
    this.prefix = prefix;
  }

  /**
   * The namespace of a name.
   *
   * @throws FsException EOPNOTSUPP if it is none of these, EINVAL if nothing follows the prefix
   */
  public static XattrNamespace of(XattrName name) throws FsException {
    for (XattrNamespace namespace : values()) {
      if (name.isIn(namespace.prefix)) {
        if (name.length() == namespace.prefix.length()) {
          throw new FsException(Errno.EINVAL, name.toString());
        }
        return namespace;
      }
    }
    throw new FsException(Errno.EOPNOTSUPP, name.toString());
  }

  /**
   * Refuses what cannot have such an attribute.
   *
   * @throws FsException EPERM for {@code user.} on what is neither regular file nor directory
   */
  public void requireOn(FileType type) throws FsException {
    if (this == USER && type != FileType.REGULAR && type != FileType.DIRECTORY) {
      throw new FsException(Errno.EPERM, prefix + " on " + type);
    }
  }

  /** Those of the names that a listing shows to this caller. */
  public static List<XattrName> shownTo(Caller caller, List<XattrName> names) {
    if (caller.isRoot()) {
      return names;
    }
    List<XattrName> shown = new ArrayList<>(names);
    shown.removeIf(name -> name.isIn(TRUSTED.prefix));
    return shown;
  }
}
