package org.telosfs.posix;

import org.jspecify.annotations.Nullable;
import org.telosfs.posix.CheckFinding.Kind;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.InodeNumber;

/** What an inode says of itself, and what the other rows say of it. */
final class CheckedInode {
  /** A directory's links besides its subdirectories: its name, and its own entry for itself. */
  private static final int LINKS_OF_DIRECTORY = 2;

  private final long number;

  /** Null if it cannot be read; then nothing is said of the inode but that. */
  private final @Nullable InodeRecord record;

  private long names;
  private long lastNamedIn;
  private long entries;
  private long subdirectories;
  private long blocks;
  private long targetBytes = -1;
  private boolean orphan;

  CheckedInode(long number, @Nullable InodeRecord record) {
    this.number = number;
    this.record = record;
  }

  long number() {
    return number;
  }

  @Nullable InodeRecord record() {
    return record;
  }

  /** Whether it is of this type, as far as can be told. */
  boolean mayBe(FileType type) {
    return record == null || record.type() == type;
  }

  boolean isDirectory() {
    return record != null && record.isDirectory();
  }

  /** A directory that holds its name; 0 if it has none. */
  long namedIn() {
    return lastNamedIn;
  }

  boolean isRoot() {
    return number == InodeNumber.ROOT.value();
  }

  // ---- what other rows say of it

  void named(long directory) {
    names++;
    lastNamedIn = directory;
  }

  void holds(FileType type) {
    entries++;
    if (type == FileType.DIRECTORY) {
      subdirectories++;
    }
  }

  void takes(int moreBlocks) {
    blocks += moreBlocks;
  }

  void orphaned() {
    orphan = true;
  }

  void leadsTo(int bytes) {
    targetBytes = bytes;
  }

  // ---- whether both agree

  void check(CheckFindings found) {
    InodeRecord says = record;
    if (says == null) {
      return;
    }
    if (orphan) {
      checkOrphan(says, found);
    } else if (isRoot() ? names > 0 : names == 0) {
      String text = isRoot() ? "the root has a name" : "has no name, and is no orphan";
      found.add(isRoot() ? Kind.TREE : Kind.NO_NAME, number, text);
    } else {
      checkNames(says, found);
    }
    if (says.entries() != entries) {
      found.add(Kind.ENTRY_COUNT, number, "has " + entries + " entries, says " + says.entries());
    }
    // An orphan is emptied in several steps, and counts its blocks only at the last.
    if (orphan ? blocks > says.blocks() : blocks != says.blocks()) {
      found.add(Kind.BLOCK_COUNT, number, "takes " + blocks + " blocks, says " + says.blocks());
    }
    if (says.type() == FileType.SYMLINK && targetBytes != says.sizeBytes()) {
      String target = targetBytes < 0 ? "no target" : "a target of " + targetBytes + " bytes";
      found.add(Kind.SYMLINK, number, "has " + target + ", says " + says.sizeBytes() + " bytes");
    }
  }

  private void checkOrphan(InodeRecord says, CheckFindings found) {
    if (isRoot() || names > 0 || says.links() > 0 || entries > 0) {
      found.add(
          Kind.ORPHAN,
          number,
          "is an orphan with "
              + names
              + " names, "
              + says.links()
              + " links, "
              + entries
              + " entries");
    }
  }

  private void checkNames(InodeRecord says, CheckFindings found) {
    long links = says.isDirectory() ? LINKS_OF_DIRECTORY + subdirectories : names;
    if (says.links() != links) {
      found.add(Kind.LINKS, number, "has " + links + " links, says " + says.links());
    }
    if (says.isDirectory() && names > 1) {
      found.add(Kind.TREE, number, "is a directory with " + names + " names");
    }
    long parent = isRoot() ? number : lastNamedIn;
    if (says.parent() != (says.isDirectory() ? parent : 0)) {
      found.add(
          Kind.PARENT,
          number,
          says.isDirectory()
              ? "is in directory " + parent + ", says " + says.parent()
              : "is no directory, and says that its parent is " + says.parent());
    }
  }
}
