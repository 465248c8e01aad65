package org.telosfs.fuse;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.Opened;
import org.telosfs.vfs.VirtualFileSystem;

/**
 * What is open and keeps state in the tree, so that it can be released when the kernel is gone: an
 * unmount drops releases that are still on their way.
 */
final class OpenHandles {
  private final VirtualFileSystem tree;
  private final Set<Open> open = ConcurrentHashMap.newKeySet();

  OpenHandles(VirtualFileSystem tree) {
    this.tree = tree;
  }

  /** The kernel is about to be given a handle. */
  void given(InodeNumber inode, Opened opened, boolean directory) {
    if (!opened.handle().equals(FileHandle.NONE)) {
      open.add(new Open(inode, opened.handle(), directory));
    }
  }

  /** The kernel, or a reply that could not be sent, gives it back. */
  void release(InodeNumber inode, FileHandle handle, boolean directory) {
    open.remove(new Open(inode, handle, directory));
    if (directory) {
      tree.releasedir(inode, handle);
    } else {
      tree.release(inode, handle);
    }
  }

  /** The kernel is gone: releases what is left. */
  void releaseAll() {
    for (Open left : Set.copyOf(open)) {
      release(left.inode, left.handle, left.directory);
    }
  }

  private record Open(InodeNumber inode, FileHandle handle, boolean directory) {}
}
