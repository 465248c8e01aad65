package org.telosfs.vfs;

/** What renameat2(2) does with a name that exists. */
public enum RenameMode {
  /** Takes its place, as rename(2). */
  REPLACE,
  /** RENAME_NOREPLACE: refuse with EEXIST. */
  NO_REPLACE,
  /** RENAME_EXCHANGE: both must exist and change places. */
  EXCHANGE,
  /** RENAME_WHITEOUT: as REPLACE, and the old name becomes a whiteout. */
  WHITEOUT,
  /** RENAME_WHITEOUT and RENAME_NOREPLACE. */
  WHITEOUT_NO_REPLACE;

  /** A new name that exists is refused. */
  public boolean keepsNewName() {
    return this == NO_REPLACE || this == WHITEOUT_NO_REPLACE;
  }

  /** What is left at the old name is a whiteout. */
  public boolean leavesWhiteout() {
    return this == WHITEOUT || this == WHITEOUT_NO_REPLACE;
  }
}
