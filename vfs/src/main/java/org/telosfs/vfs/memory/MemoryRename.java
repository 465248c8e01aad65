package org.telosfs.vfs.memory;

import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.RenameMode;
import org.telosfs.vfs.Timestamp;

/**
 * Renames. Which nodes a rename touches shows only under the directories' locks, so they are looked
 * up first, then all are locked in order, then looked up again.
 */
final class MemoryRename {
  private final NodeTable nodes;
  private final MemorySpace space;
  private final InstantSource clock;

  /** Held by every rename between directories, so that nobody's parent moves. */
  private final ReentrantLock betweenDirectories = new ReentrantLock();

  MemoryRename(NodeTable nodes, MemorySpace space, InstantSource clock) {
    this.nodes = nodes;
    this.space = space;
    this.clock = clock;
  }

  void rename(Caller caller, Place from, Place to, RenameMode mode) throws FsException {
    if (from.directory.is(to.directory)) {
      retryUntilStill(caller, from, to, mode);
      return;
    }
    betweenDirectories.lock();
    try {
      retryUntilStill(caller, from, to, mode);
    } finally {
      betweenDirectories.unlock();
    }
  }

  private void retryUntilStill(Caller caller, Place from, Place to, RenameMode mode)
      throws FsException {
    while (true) {
      MemoryNode source = from.look(nodes);
      MemoryNode target = to.look(nodes);
      try (NodeLocks held = NodeLocks.write(nodes, from.directory, to.directory, source, target)) {
        if (MemoryNode.same(from.find(nodes), source) && MemoryNode.same(to.find(nodes), target)) {
          to.directory.requireNotRemoved();
          move(caller, from, to, mode, source, target);
          return;
        }
      }
    }
  }

  private void move(
      Caller caller,
      Place from,
      Place to,
      RenameMode mode,
      @Nullable MemoryNode source,
      @Nullable MemoryNode target)
      throws FsException {
    if (source == null || (mode == RenameMode.EXCHANGE && target == null)) {
      throw new FsException(Errno.ENOENT);
    }
    if (mode.keepsNewName() && target != null) {
      throw new FsException(Errno.EEXIST);
    }
    if (source.is(target)) {
      return;
    }
    boolean between = !from.directory.is(to.directory);
    if (between) {
      requireNotAbove(source, to.directory);
    }
    Timestamp now = Timestamp.of(clock.instant());
    if (mode == RenameMode.EXCHANGE && target != null) {
      if (between) {
        requireNotAbove(target, from.directory);
      }
      requireRoomForExchange(from, to, source, target);
      from.lead(target, source, now);
      to.lead(source, target, now);
      target.touchStatus(now);
    } else {
      if (target != null) {
        requireReplaceable(source, target);
      } else if (source.isDirectory() && between) {
        requireRoomForDirectory(to);
      }
      replace(caller, from, to, mode, source, target, now);
    }
    source.touchStatus(now);
  }

  /** What may be refused comes first. */
  private void replace(
      Caller caller,
      Place from,
      Place to,
      RenameMode mode,
      MemoryNode source,
      @Nullable MemoryNode target,
      Timestamp now)
      throws FsException {
    MemoryNode whiteout = mode.leavesWhiteout() ? newWhiteout(caller, from.directory, now) : null;
    try {
      to.lead(source, target, now);
    } catch (FsException full) {
      if (whiteout != null) {
        nodes.freeIfUnused(whiteout);
      }
      throw full;
    }
    if (whiteout != null) {
      from.lead(whiteout, null, now);
      whiteout.setLinks(1);
    } else {
      from.directory.names().remove(from.name);
    }
    if (source.isDirectory()) {
      from.directory.addLinks(-1, now);
    }
    from.directory.touch(now);
    if (target != null) {
      target.addLinks(target.isDirectory() ? -target.links() : -1, now);
      nodes.freeIfUnused(target);
    }
  }

  /** As overlayfs has it: a character device 0 without permissions. */
  private MemoryNode newWhiteout(Caller caller, MemoryNode directory, Timestamp now)
      throws FsException {
    space.takeInode();
    int gid = directory.gidFor(caller.gid());
    try {
      return nodes.make(FileType.CHARACTER_DEVICE, 0, caller.uid(), gid, 0, null, 0, now);
    } catch (FsException full) {
      space.releaseInode();
      throw full;
    }
  }

  private static void requireReplaceable(MemoryNode source, MemoryNode target) throws FsException {
    if (source.isDirectory() && !target.isDirectory()) {
      throw new FsException(Errno.ENOTDIR);
    }
    if (!source.isDirectory() && target.isDirectory()) {
      throw new FsException(Errno.EISDIR);
    }
    if (target.isDirectory() && !target.names().isEmpty()) {
      throw new FsException(Errno.ENOTEMPTY);
    }
  }

  private static void requireRoomForExchange(
      Place from, Place to, MemoryNode source, MemoryNode target) throws FsException {
    if (from.directory.is(to.directory) || source.isDirectory() == target.isDirectory()) {
      return;
    }
    requireRoomForDirectory(source.isDirectory() ? to : from);
  }

  private static void requireRoomForDirectory(Place place) throws FsException {
    if (place.directory.links() >= MemoryFileSystem.LINK_LIMIT) {
      throw new FsException(Errno.EMLINK);
    }
  }

  /** A directory must not come to lie below itself; the caller keeps all parents still. */
  private void requireNotAbove(MemoryNode moved, MemoryNode directory) throws FsException {
    if (!moved.isDirectory()) {
      return;
    }
    MemoryNode at = directory;
    while (!at.number.equals(InodeNumber.ROOT)) {
      if (at.is(moved)) {
        throw new FsException(Errno.EINVAL);
      }
      at = nodes.get(at.parent());
    }
  }

  /** A name in a directory, whether it exists or not. */
  record Place(MemoryNode directory, FileName name) {

    @Nullable MemoryNode find(NodeTable nodes) throws FsException {
      int record = directory.names().find(name);
      return record == RecordPool.NONE ? null : nodes.at(record);
    }

    /** As {@link #find} for a caller that holds no lock. */
    @Nullable MemoryNode look(NodeTable nodes) throws FsException {
      long stamp = directory.lock.readLock();
      try {
        directory.requireAlive();
        return find(nodes);
      } finally {
        directory.lock.unlockRead(stamp);
      }
    }

    /** The name, which led to {@code before} or nowhere, now leads to {@code node}. */
    void lead(MemoryNode node, @Nullable MemoryNode before, Timestamp now) throws FsException {
      directory.names().put(name, node.record);
      int gained = (node.isDirectory() ? 1 : 0) - (before != null && before.isDirectory() ? 1 : 0);
      directory.addLinks(gained, now);
      directory.touch(now);
      if (node.isDirectory()) {
        node.setParent(directory);
      }
    }
  }
}
