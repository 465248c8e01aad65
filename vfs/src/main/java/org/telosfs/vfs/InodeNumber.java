package org.telosfs.vfs;

import org.jspecify.annotations.Nullable;

/**
 * Identity of an inode; never 0, which is the wire's "no entry".
 *
 * @param value all 64 bits may be used; compared as a bit pattern
 */
public record InodeNumber(long value) {
  /** The root directory of every tree, as the FUSE protocol has it ({@code FUSE_ROOT_ID}). */
  public static final InodeNumber ROOT = new InodeNumber(1);

  public InodeNumber {
    if (value == 0) {
      throw new IllegalArgumentException("inode 0 is reserved");
    }
  }

  /** Written out: what a record generates at run time takes every start some 10 ms. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InodeNumber same && same.value == value;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(value);
  }

  @Override
  public String toString() {
    return Long.toUnsignedString(value);
  }
}
