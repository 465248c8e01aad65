package org.telosfs.vfs;

/** What renameat2(2) does with a name that exists. */
public enum RenameMode {
  /** Takes its place, as rename(2). */
  REPLACE,
  /** RENAME_NOREPLACE: refuse with EEXIST. */
  NO_REPLACE,
  /** RENAME_EXCHANGE: both must exist and change places. */
  EXCHANGE
}
