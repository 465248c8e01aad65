package org.telosfs.vfs.memory;

import java.util.Arrays;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.Timestamp;

/**
 * All nodes by number, and their locks. A node lives while it has a name or a lookup; the lookup of
 * a name is counted under its directory's lock, where the name cannot go away. A number is that of
 * the node's record, and above it how often the record was used before, so none comes twice.
 */
final class NodeTable {
  /** So many locks that two threads rarely want one for two nodes. */
  private static final int LOCKS = 1 << 10;

  private final MemorySpace space;
  private final NodeObjects objects;
  private final StampedLock[] locks = new StampedLock[LOCKS];

  NodeTable(MemorySpace space) {
    this.space = space;
    this.objects = new NodeObjects(space);
    Arrays.setAll(locks, i -> new StampedLock());
  }

  MemorySpace space() {
    return space;
  }

  RecordPool records() {
    return space.inodes();
  }

  NodeObjects objects() {
    return objects;
  }

  /** Of several nodes, some may have the same. */
  StampedLock lockOf(int record) {
    return locks[lockIndex(record)];
  }

  /** The place of a node's lock in the order in which they are taken. */
  static int lockIndex(int record) {
    return record & (LOCKS - 1);
  }

  /** Before anything else. */
  void addRoot(Timestamp now) throws FsException {
    MemoryNode root = make(FileType.DIRECTORY, 0755, 0, 0, 0, new DirectoryContent(space), 1, now);
    if (!root.number.equals(InodeNumber.ROOT)) {
      throw new IllegalStateException("root is " + root.number);
    }
    root.setParent(root);
    root.setLinks(2);
  }

  MemoryNode get(InodeNumber number) throws FsException {
    MemoryNode node = MemoryNode.of(this, number);
    if (node == null) {
      throw new FsException(Errno.ESTALE);
    }
    return node;
  }

  /** The node in a record that a name leads to; the caller holds the directory's lock. */
  MemoryNode at(int record) {
    return new MemoryNode(this, record);
  }

  /**
   * A new node, in the space already taken for it.
   *
   * @throws FsException ENOSPC if there is no memory for it; the space is for the caller to release
   */
  MemoryNode make(
      FileType type,
      int permissions,
      int uid,
      int gid,
      int device,
      @Nullable Object body,
      long lookups,
      Timestamp now)
      throws FsException {
    int record = records().take();
    try {
      return MemoryNode.make(this, record, type, permissions, uid, gid, device, body, lookups, now);
    } catch (FsException full) {
      records().giveBack(record);
      throw full;
    }
  }

  /** Gives back lookups; the caller holds no lock. */
  void forget(InodeNumber number, long lookups) {
    MemoryNode node = MemoryNode.of(this, number);
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
    if (!node.isAlive() || node.links() > 0 || node.lookups() > 0) {
      return;
    }
    node.end();
    records().giveBack(node.record);
    space.releaseInode();
  }
}
