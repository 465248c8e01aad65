package org.telosfs.posix;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.telosfs.posix.CheckFinding.Kind;
import org.telosfs.vfs.InodeNumber;

/** Directories: the way up from each ends at the root, or where another finding says so. */
final class DirectoryTreeCheck {
  private final Map<Long, CheckedInode> inodes;
  private final CheckFindings found;

  /** Directories from which the way up is known. */
  private final Set<Long> walked = new HashSet<>();

  DirectoryTreeCheck(Map<Long, CheckedInode> inodes, CheckFindings found) {
    this.inodes = inodes;
    this.found = found;
  }

  void check() {
    CheckedInode root = inodes.get(InodeNumber.ROOT.value());
    if (root == null || !(root.record() == null || root.isDirectory())) {
      found.add(Kind.TREE, InodeNumber.ROOT.value(), "there is no root directory");
    }
    for (CheckedInode inode : inodes.values()) {
      if (inode.isDirectory()) {
        walkUp(inode);
      }
    }
  }

  private void walkUp(CheckedInode from) {
    List<CheckedInode> way = new ArrayList<>();
    Set<Long> onWay = new HashSet<>();
    CheckedInode at = from;
    while (at != null && !at.isRoot() && !walked.contains(at.number())) {
      if (!onWay.add(at.number())) {
        for (CheckedInode lost : way) {
          found.add(Kind.TREE, lost.number(), "cannot be reached from the root");
        }
        break;
      }
      way.add(at);
      at = inodes.get(at.namedIn());
    }
    walked.addAll(onWay);
  }
}
