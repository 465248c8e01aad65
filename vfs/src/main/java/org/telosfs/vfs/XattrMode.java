package org.telosfs.vfs;

/** What setxattr(2) does about an attribute that exists or does not. */
public enum XattrMode {
  SET,
  /** XATTR_CREATE: EEXIST if it exists. */
  CREATE,
  /** XATTR_REPLACE: ENODATA if it does not. */
  REPLACE
}
