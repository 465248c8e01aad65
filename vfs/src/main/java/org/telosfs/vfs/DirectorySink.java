package org.telosfs.vfs;

/** Takes the entries of one listing, in order. */
@FunctionalInterface
public interface DirectorySink {
  /** Takes one entry; false if there was no room and the listing must stop before it. */
  boolean accept(DirectoryEntry entry);
}
