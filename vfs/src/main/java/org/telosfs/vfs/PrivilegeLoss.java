package org.telosfs.vfs;

/** What a write takes from a file, so that new content does not run with old privileges. */
public enum PrivilegeLoss {
  /** Nothing: the kernel writes back what was written to its cache, and privileges went then. */
  NONE,
  /** {@link XattrName#CAPABILITY}: the caller may keep set-id bits (CAP_FSETID). */
  CAPABILITY,
  /** The capability, setuid, and setgid where the group may execute (FUSE_WRITE_KILL_SUIDGID). */
  ALL;

  /** What a change of content takes where nobody says whether the caller has CAP_FSETID. */
  public static PrivilegeLoss by(Caller caller) {
    return caller.isRoot() ? CAPABILITY : ALL;
  }
}
