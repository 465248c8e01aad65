package org.telosfs.fuse;

import org.telosfs.vfs.Entry;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.LookupCounts;
import org.telosfs.vfs.VirtualFileSystem;

/**
 * What the kernel remembers of the tree: how many lookups of each inode it has been given and not
 * yet given back. With them everything can be given back to the tree when the kernel is gone
 * without a word. The root is not counted.
 */
final class NodeLookups {
  private final VirtualFileSystem tree;
  private final LookupCounts counts = new LookupCounts();

  NodeLookups(VirtualFileSystem tree) {
    this.tree = tree;
  }

  /** The kernel is about to be given {@code entry}; called before the reply is sent. */
  void given(Entry entry) {
    long node = entry.inode().value();
    if (node != InodeNumber.ROOT.value()) {
      counts.add(node, 1);
    }
  }

  /** The kernel, or a reply that could not be sent, gives back lookups, an unsigned number. */
  void forget(long node, long lookups) {
    if (node == InodeNumber.ROOT.value() || node == 0) {
      return;
    }
    long returned = counts.subtract(node, lookups);
    if (returned > 0) {
      tree.forget(new InodeNumber(node), returned);
    }
  }

  /** True if the kernel may know the inode. */
  boolean isKnown(InodeNumber inode) {
    return inode.equals(InodeNumber.ROOT) || counts.contains(inode.value());
  }

  /** How many inodes the kernel remembers. */
  long knownInodes() {
    return counts.size();
  }

  /** The kernel is gone: gives everything back. */
  void forgetAll() {
    counts.takeAll((node, lookups) -> tree.forget(new InodeNumber(node), lookups));
  }
}
