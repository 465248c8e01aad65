package org.telosfs.vfs;

import org.jspecify.annotations.Nullable;

/** Takes the entries of one listing together with what a lookup of each would have given. */
@FunctionalInterface
public interface LookupSink {
  /**
   * Takes one entry; false if there was no room and the listing must stop before it.
   *
   * @param looked counts as a lookup if taken; null for {@code .} and {@code ..}, which are not
   *     looked up
   */
  boolean accept(DirectoryEntry entry, @Nullable Entry looked);
}
