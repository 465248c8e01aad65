package org.telosfs.vfs;

import java.util.Map;
import java.util.TreeMap;

/**
 * A tree as random operations see it: things by path, or by the slot ({@code "@3"}) under which an
 * earlier operation holds them, named or not.
 */
public final class VfsSession {
  private final PathWalk walk;
  private final Map<String, InodeNumber> held = new TreeMap<>();

  /** Nothing is held. */
  public VfsSession(VirtualFileSystem tree) {
    this.walk = new PathWalk(tree);
  }

  /** The tree. */
  public VirtualFileSystem tree() {
    return walk.tree();
  }

  /** The tree by paths. */
  public PathWalk walk() {
    return walk;
  }

  /** The inode at a path or in a slot; ENOENT for an empty slot. */
  public InodeNumber inode(String target) throws FsException {
    if (!target.startsWith("@")) {
      return walk.inode(target);
    }
    InodeNumber inode = held.get(target);
    if (inode == null) {
      throw new FsException(Errno.ENOENT, "empty slot " + target);
    }
    return inode;
  }

  /** Holds what the path leads to, instead of what the slot held before. */
  public void hold(String slot, String path) throws FsException {
    hold(slot, walk.hold(path));
  }

  /** Holds an inode that has just been looked up, instead of what the slot held before. */
  public void hold(String slot, InodeNumber inode) {
    release(slot);
    held.put(slot, inode);
  }

  /** Lets go of what the slot holds. */
  public void release(String slot) {
    InodeNumber inode = held.remove(slot);
    if (inode != null) {
      tree().forget(inode, 1);
    }
  }

  /** Lets go of everything, as before an unmount. */
  public void releaseAll() {
    held.values().forEach(inode -> tree().forget(inode, 1));
    held.clear();
  }
}
