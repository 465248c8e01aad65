package org.telosfs.vfs;

/** What {@code open} or {@code opendir} gave out; meaningful only to the tree that gave it. */
public record FileHandle(long value) {
  /** No state was kept at open; also what a stateless open passes to every later call. */
  public static final FileHandle NONE = new FileHandle(0);
}
