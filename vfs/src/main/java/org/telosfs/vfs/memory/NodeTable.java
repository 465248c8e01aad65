package org.telosfs.vfs.memory;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.Timestamp;

/**
 * All nodes by number. A node lives while it has a name or a lookup; the lookup of a name is
 * counted under its directory's lock, where the name cannot go away.
 */
final class NodeTable {
  private final NodePages nodes = new NodePages();
  private final RecentEntries recent = new RecentEntries();
  private final AtomicLong lastNumber = new AtomicLong(InodeNumber.ROOT.value());
  private final MemorySpace space;

  NodeTable(MemorySpace space) {
    this.space = space;
  }

  void addRoot(Timestamp now) {
    MemoryNode root =
        new MemoryNode(
            recent,
            InodeNumber.ROOT,
            FileType.DIRECTORY,
            0755,
            0,
            0,
            0,
            new DirectoryContent(),
            now);
    root.parent = root;
    root.links = 2;
    nodes.put(root);
  }

  MemoryNode get(InodeNumber number) throws FsException {
    MemoryNode node = nodes.get(number);
    if (node == null) {
      throw new FsException(Errno.ESTALE);
    }
    return node;
  }

  /** A new node that has been looked up once, in the space already taken for it. */
  MemoryNode make(
      FileType type,
      int permissions,
      int uid,
      int gid,
      int device,
      @Nullable Object body,
      Timestamp now) {
    InodeNumber number = new InodeNumber(lastNumber.incrementAndGet());
    MemoryNode node =
        new MemoryNode(recent, number, type, permissions, uid, gid, device, body, now);
    node.addLookups(1);
    nodes.put(node);
    return node;
  }

  /** Gives back lookups; the caller holds no lock. */
  void forget(InodeNumber number, long lookups) {
    MemoryNode node = nodes.get(number);
    if (node == null || number.equals(InodeNumber.ROOT)) {
      return;
    }
    long left = node.addLookups(-lookups);
    if (left < 0) {
      throw new IllegalStateException(
          "inode " + number + " forgotten " + -left + " times too often");
    }
    if (left == 0) {
      long stamp = node.lock.writeLock();
      try {
        freeIfUnused(node);
      } finally {
        node.lock.unlockWrite(stamp);
      }
    }
  }

  /** Frees the node if it has neither name nor lookup; the caller holds its lock. */
  void freeIfUnused(MemoryNode node) {
    if (node.links > 0 || node.lookups() > 0 || node.freed) {
      return;
    }
    node.freed = true;
    nodes.remove(node.number);
    recent.remove(node);
    node.freeContent();
    space.releaseInode();
  }
}
