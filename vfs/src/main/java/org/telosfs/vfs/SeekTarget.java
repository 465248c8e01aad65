package org.telosfs.vfs;

/** What lseek(2) looks for. */
public enum SeekTarget {
  /** SEEK_DATA. */
  DATA,
  /** SEEK_HOLE; the end of the file counts as a hole. */
  HOLE
}
