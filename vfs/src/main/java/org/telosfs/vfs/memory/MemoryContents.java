package org.telosfs.vfs.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.ContentLender;
import org.telosfs.vfs.ContentPieces;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.PrivilegeLoss;
import org.telosfs.vfs.SeekTarget;
import org.telosfs.vfs.Timestamp;

/** What is done to the content of files: each under the locks of the nodes it concerns. */
final class MemoryContents {
  private final NodeTable nodes;
  private final InstantSource clock;

  MemoryContents(NodeTable nodes, InstantSource clock) {
    this.nodes = nodes;
    this.clock = clock;
  }

  int read(MemoryNode node, long offsetBytes, ByteBuffer into) throws FsException {
    requireOffset(offsetBytes);
    long stamp = node.lock.readLock();
    try {
      node.requireAlive();
      return node.content().read(offsetBytes, into);
    } finally {
      node.lock.unlockRead(stamp);
    }
  }

  /** The one case of a call to elsewhere under a node's lock: see {@link ContentLender}. */
  void lend(
      MemoryNode node,
      long offsetBytes,
      int bytes,
      ContentPieces pieces,
      ContentLender.Borrower borrower)
      throws FsException, IOException {
    requireOffset(offsetBytes);
    pieces.clear();
    long stamp = node.lock.readLock();
    try {
      node.requireAlive();
      node.content().lend(offsetBytes, bytes, pieces);
      borrower.use(pieces);
    } finally {
      node.lock.unlockRead(stamp);
      pieces.clear();
    }
  }

  int write(MemoryNode node, long offsetBytes, ByteBuffer data, PrivilegeLoss loss)
      throws FsException {
    int length = data.remaining();
    long stamp = node.lock.writeLock();
    try {
      node.requireAlive();
      FileContent content = node.content();
      if (length == 0) {
        return 0;
      }
      content.write(offsetBytes, data);
      node.lose(loss);
      node.touch(now());
      return length;
    } finally {
      node.lock.unlockWrite(stamp);
    }
  }

  void allocate(
      MemoryNode node, AllocateMode mode, long offsetBytes, long lengthBytes, PrivilegeLoss loss)
      throws FsException {
    if (!node.isDirectory() && node.type != FileType.REGULAR) {
      throw new FsException(Errno.ENODEV);
    }
    long stamp = node.lock.writeLock();
    try {
      node.requireAlive();
      FileContent content = node.content();
      if (lengthBytes <= 0) {
        throw new FsException(Errno.EINVAL);
      }
      content.allocate(mode, offsetBytes, lengthBytes);
      node.lose(loss);
      node.touch(now());
    } finally {
      node.lock.unlockWrite(stamp);
    }
  }

  long seek(MemoryNode node, long offsetBytes, SeekTarget target) throws FsException {
    long stamp = node.lock.readLock();
    try {
      node.requireAlive();
      return node.content().seek(offsetBytes, target);
    } finally {
      node.lock.unlockRead(stamp);
    }
  }

  long copy(
      MemoryNode source,
      long sourceOffsetBytes,
      MemoryNode target,
      long targetOffsetBytes,
      long lengthBytes,
      PrivilegeLoss loss)
      throws FsException {
    requireOffset(sourceOffsetBytes);
    requireOffset(targetOffsetBytes);
    requireOffset(lengthBytes);
    try (NodeLocks held = NodeLocks.write(nodes, source, target)) {
      source.requireAlive();
      target.requireAlive();
      FileContent sourceContent = source.content();
      FileContent targetContent = source.is(target) ? sourceContent : target.content();
      if (source.is(target) && Math.abs(sourceOffsetBytes - targetOffsetBytes) < lengthBytes) {
        throw new FsException(Errno.EINVAL);
      }
      long copied =
          sourceContent.copyTo(targetContent, sourceOffsetBytes, targetOffsetBytes, lengthBytes);
      if (copied > 0) {
        target.lose(loss);
        target.touch(now());
      }
      return copied;
    }
  }

  private static void requireOffset(long offsetBytes) throws FsException {
    if (offsetBytes < 0) {
      throw new FsException(Errno.EINVAL);
    }
  }

  private Timestamp now() {
    return Timestamp.of(clock.instant());
  }
}
