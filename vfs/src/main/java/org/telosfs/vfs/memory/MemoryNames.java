package org.telosfs.vfs.memory;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.Timestamp;
import org.telosfs.vfs.acl.ModeAndAcl;

/** Names: finding, making, linking and removing them. */
final class MemoryNames {
  private static final int MAX_TARGET_BYTES = 4095;

  private final NodeTable nodes;
  private final MemorySpace space;
  private final InstantSource clock;

  MemoryNames(NodeTable nodes, MemorySpace space, InstantSource clock) {
    this.nodes = nodes;
    this.space = space;
    this.clock = clock;
  }

  Entry lookup(MemoryNode above, FileName name) throws FsException {
    if (name.equals(FileName.DOT)) {
      return itself(above);
    }
    DirectoryContent names = above.names();
    MemoryNode found;
    long stamp = above.lock.readLock();
    try {
      above.requireNotRemoved();
      found = name.isDots() ? nodes.get(above.parent()) : find(names, name);
      if (found == null) {
        throw new FsException(Errno.ENOENT);
      }
      found.addLookups(1);
    } finally {
      above.lock.unlockRead(stamp);
    }
    return found.entry();
  }

  private @Nullable MemoryNode find(DirectoryContent names, FileName name) {
    int record = names.find(name);
    return record == RecordPool.NONE ? null : nodes.at(record);
  }

  private static Entry itself(MemoryNode node) throws FsException {
    long stamp = node.lock.readLock();
    try {
      node.requireAlive();
      if (node.links() == 0) {
        throw new FsException(Errno.ESTALE);
      }
      node.addLookups(1);
      return node.refreshed();
    } finally {
      node.lock.unlockRead(stamp);
    }
  }

  /** A file or a special file. */
  Entry makeNode(
      Caller caller, MemoryNode above, FileName name, FileType type, int permissions, int device)
      throws FsException {
    if (type == FileType.DIRECTORY || type == FileType.SYMLINK) {
      throw new FsException(Errno.EINVAL);
    }
    boolean isDevice = type == FileType.CHARACTER_DEVICE || type == FileType.BLOCK_DEVICE;
    return make(caller, above, name, type, permissions, isDevice ? device : 0, null);
  }

  Entry makeDirectory(Caller caller, MemoryNode above, FileName name, int permissions)
      throws FsException {
    return make(
        caller, above, name, FileType.DIRECTORY, permissions, 0, new DirectoryContent(space));
  }

  Entry makeSymlink(Caller caller, MemoryNode above, FileName name, byte[] target)
      throws FsException {
    if (target.length == 0) {
      throw new FsException(Errno.ENOENT);
    }
    if (target.length > MAX_TARGET_BYTES) {
      throw new FsException(Errno.ENAMETOOLONG);
    }
    return make(caller, above, name, FileType.SYMLINK, 0777, 0, target.clone());
  }

  private Entry make(
      Caller caller,
      MemoryNode above,
      FileName name,
      FileType type,
      int permissions,
      int device,
      @Nullable Object body)
      throws FsException {
    DirectoryContent names = above.names();
    boolean isDirectory = type == FileType.DIRECTORY;
    MemoryNode made;
    long stamp = above.lock.writeLock();
    try {
      above.requireNotRemoved();
      requireFree(names, name);
      if (isDirectory && above.links() >= MemoryFileSystem.LINK_LIMIT) {
        throw new FsException(Errno.EMLINK);
      }
      Timestamp now = now();
      made = newNode(caller, above, type, permissions, device, body, now);
      if (isDirectory) {
        made.setParent(above);
      }
      try {
        names.put(name, made.record);
      } catch (FsException full) {
        abandon(made);
        throw full;
      }
      made.setLinks(isDirectory ? 2 : 1);
      above.addLinks(isDirectory ? 1 : 0, now);
      above.touch(now);
    } finally {
      above.lock.unlockWrite(stamp);
    }
    return made.entry();
  }

  /** A file without a name. */
  Entry makeUnnamed(Caller caller, MemoryNode above, int permissions, boolean mayGetFirstName)
      throws FsException {
    above.names();
    MemoryNode made;
    long stamp = above.lock.readLock();
    try {
      above.requireNotRemoved();
      made = newNode(caller, above, FileType.REGULAR, permissions, 0, null, now());
      made.setMayGetFirstName(mayGetFirstName);
    } finally {
      above.lock.unlockRead(stamp);
    }
    return made.entry();
  }

  /** A node without a name; the caller holds the directory's lock. */
  private MemoryNode newNode(
      Caller caller,
      MemoryNode above,
      FileType type,
      int permissions,
      int device,
      @Nullable Object body,
      Timestamp now)
      throws FsException {
    ModeAndAcl inheritance = above.inheritance(type, permissions, caller.umask());
    space.takeInode();
    boolean givesSetgid = type == FileType.DIRECTORY && above.inheritsGroup();
    int mode = inheritance.permissions() | (givesSetgid ? Attributes.SETGID : 0);
    int gid = above.gidFor(caller.gid());
    MemoryNode made;
    try {
      made = nodes.make(type, mode, caller.uid(), gid, device, body, 1, now);
    } catch (FsException full) {
      space.releaseInode();
      throw full;
    }
    try {
      made.inherit(inheritance, above);
    } catch (FsException full) {
      abandon(made);
      throw full;
    }
    return made;
  }

  /** Of a node that nobody else has seen. */
  private void abandon(MemoryNode made) {
    made.addLookups(-1);
    nodes.freeIfUnused(made);
  }

  /** A further name for a node. */
  Entry link(MemoryNode node, MemoryNode above, FileName name) throws FsException {
    DirectoryContent names = above.names();
    if (node.isDirectory()) {
      throw new FsException(Errno.EPERM);
    }
    try (NodeLocks held = NodeLocks.write(nodes, node, above)) {
      node.requireLinkable();
      above.requireNotRemoved();
      requireFree(names, name);
      if (node.links() >= MemoryFileSystem.LINK_LIMIT) {
        throw new FsException(Errno.EMLINK);
      }
      Timestamp now = now();
      names.put(name, node.record);
      above.touch(now);
      node.addLinks(1, now);
      node.setMayGetFirstName(false);
      node.addLookups(1);
      return node.refreshed();
    }
  }

  private static void requireFree(DirectoryContent names, FileName name) throws FsException {
    if (name.isDots() || names.find(name) != RecordPool.NONE) {
      throw new FsException(Errno.EEXIST);
    }
  }

  void remove(MemoryRename.Place place, boolean wantDirectory) throws FsException {
    while (true) {
      MemoryNode node = place.look(nodes);
      if (node == null) {
        throw new FsException(Errno.ENOENT);
      }
      if (node.isDirectory() != wantDirectory) {
        throw new FsException(wantDirectory ? Errno.ENOTDIR : Errno.EISDIR);
      }
      try (NodeLocks held = NodeLocks.write(nodes, place.directory(), node)) {
        if (node.is(place.find(nodes))) {
          removeLocked(place, node);
          return;
        }
      }
    }
  }

  private void removeLocked(MemoryRename.Place place, MemoryNode node) throws FsException {
    if (node.isDirectory() && !node.names().isEmpty()) {
      throw new FsException(Errno.ENOTEMPTY);
    }
    Timestamp now = now();
    place.directory().names().remove(place.name());
    place.directory().addLinks(node.isDirectory() ? -1 : 0, now);
    place.directory().touch(now);
    node.addLinks(node.isDirectory() ? -node.links() : -1, now);
    nodes.freeIfUnused(node);
  }

  private Timestamp now() {
    return Timestamp.of(clock.instant());
  }
}
