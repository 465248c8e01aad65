package org.telosfs.fuse;

import org.telosfs.vfs.Entry;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.VirtualFileSystem;

/**
 * What the kernel remembers of the tree: how many lookups of each inode it has been given and not
 * yet given back. With them everything can be given back to the tree when the kernel is gone
 * without a word. The root is not counted.
 *
 * <p>Each stripe is an open-addressing table of two {@code long} arrays under its own monitor; the
 * tree is called outside it.
 */
final class NodeLookups {
  private static final int STRIPES = 16; // a power of two

  private final VirtualFileSystem tree;
  private final Stripe[] stripes = new Stripe[STRIPES];

  NodeLookups(VirtualFileSystem tree) {
    this.tree = tree;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
  }

  /** The kernel is about to be given {@code entry}; called before the reply is sent. */
  void given(Entry entry) {
    long node = entry.inode().value();
    if (node != InodeNumber.ROOT.value()) {
      stripe(node).add(node, 1);
    }
  }

  /** The kernel, or a reply that could not be sent, gives back lookups. */
  void forget(long node, long lookups) {
    if (node == InodeNumber.ROOT.value() || node == 0) {
      return;
    }
    long returned = stripe(node).subtract(node, lookups);
    if (returned > 0) {
      tree.forget(new InodeNumber(node), returned);
    }
  }

  /** True if the kernel may know the inode. */
  boolean isKnown(InodeNumber inode) {
    return inode.equals(InodeNumber.ROOT) || stripe(inode.value()).contains(inode.value());
  }

  /** How many inodes the kernel remembers. */
  long knownInodes() {
    long sum = 0;
    for (Stripe stripe : stripes) {
      sum += stripe.size();
    }
    return sum;
  }

  /** The kernel is gone: gives everything back. */
  void forgetAll() {
    for (Stripe stripe : stripes) {
      stripe.drainTo(tree);
    }
  }

  private Stripe stripe(long node) {
    return stripes[(int) (hash(node) >>> Integer.SIZE) & (STRIPES - 1)];
  }

  /** Spreads runs of numbers over the table (Fibonacci hashing). */
  private static long hash(long node) {
    return node * 0x9E3779B97F4A7C15L;
  }

  /** Counts by inode. A node of 0 marks a free place; removal closes the gap it leaves. */
  private static final class Stripe {
    private static final int FIRST_CAPACITY = 64;

    private long[] nodes = new long[FIRST_CAPACITY];
    private long[] counts = new long[FIRST_CAPACITY];
    private int size;

    synchronized void add(long node, long lookups) {
      int at = find(node);
      if (nodes[at] == 0) {
        nodes[at] = node;
        size++;
      }
      counts[at] += lookups;
      if (size * 2 > nodes.length) {
        grow();
      }
    }

    /** Takes away up to {@code lookups}; how many there were of them. */
    synchronized long subtract(long node, long lookups) {
      int at = find(node);
      if (nodes[at] == 0) {
        return 0;
      }
      long taken = Long.compareUnsigned(lookups, counts[at]) < 0 ? lookups : counts[at];
      counts[at] -= taken;
      if (counts[at] == 0) {
        remove(at);
      }
      return taken;
    }

    synchronized boolean contains(long node) {
      return nodes[find(node)] != 0;
    }

    synchronized int size() {
      return size;
    }

    void drainTo(VirtualFileSystem tree) {
      long[] oldNodes;
      long[] oldCounts;
      synchronized (this) {
        oldNodes = nodes;
        oldCounts = counts;
        nodes = new long[FIRST_CAPACITY];
        counts = new long[FIRST_CAPACITY];
        size = 0;
      }
      for (int at = 0; at < oldNodes.length; at++) {
        if (oldNodes[at] != 0) {
          tree.forget(new InodeNumber(oldNodes[at]), oldCounts[at]);
        }
      }
    }

    private int home(long node) {
      return (int) (hash(node) >>> 40) & (nodes.length - 1);
    }

    private int find(long node) {
      int at = home(node);
      while (nodes[at] != 0 && nodes[at] != node) {
        at = (at + 1) & (nodes.length - 1);
      }
      return at;
    }

    private void remove(int hole) {
      int mask = nodes.length - 1;
      int gap = hole;
      for (int at = (gap + 1) & mask; nodes[at] != 0; at = (at + 1) & mask) {
        boolean mayMove = ((at - home(nodes[at])) & mask) >= ((at - gap) & mask);
        if (mayMove) {
          nodes[gap] = nodes[at];
          counts[gap] = counts[at];
          gap = at;
        }
      }
      nodes[gap] = 0;
      counts[gap] = 0;
      size--;
    }

    private void grow() {
      long[] oldNodes = nodes;
      long[] oldCounts = counts;
      nodes = new long[oldNodes.length * 2];
      counts = new long[oldNodes.length * 2];
      for (int at = 0; at < oldNodes.length; at++) {
        if (oldNodes[at] != 0) {
          int to = find(oldNodes[at]);
          nodes[to] = oldNodes[at];
          counts[to] = oldCounts[at];
        }
      }
    }
  }
}
