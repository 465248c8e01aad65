package org.telosfs.fuse.jnrfuse;

import java.nio.charset.StandardCharsets;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.VirtualFileSystem;

/** Turns the absolute paths of libfuse into inodes of a tree. Stateless, so safe for threads. */
final class PathResolver {
  private final VirtualFileSystem tree;

  PathResolver(VirtualFileSystem tree) {
    this.tree = tree;
  }

  /** An inode that stays valid until closed; whoever resolves one closes it. */
  final class Resolved implements AutoCloseable {
    private final InodeNumber inode;
    private boolean kept;

    private Resolved(InodeNumber inode) {
      this.inode = inode;
    }

    InodeNumber inode() {
      return inode;
    }

    /** Leaves the lookup with the caller, who gives it back by {@link PathResolver#forget}. */
    InodeNumber keep() {
      kept = true;
      return inode;
    }

    @Override
    public void close() {
      if (!kept) {
        forget(inode);
      }
    }
  }

  /** The parent directory of a path, and the path's last name. */
  static final class Place implements AutoCloseable {
    private final Resolved directory;
    private final FileName name;

    private Place(Resolved directory, FileName name) {
      this.directory = directory;
      this.name = name;
    }

    InodeNumber directory() {
      return directory.inode();
    }

    FileName name() {
      return name;
    }

    @Override
    public void close() {
      directory.close();
    }
  }

  /**
   * The inode a path leads to; symbolic links are the kernel's business and are not followed.
   *
   * @throws FsException ENOENT, ENOTDIR, ENAMETOOLONG on the way
   */
  Resolved resolve(Caller caller, String path) throws FsException {
    InodeNumber at = InodeNumber.ROOT;
    int from = 1;
    while (from < path.length()) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      InodeNumber next;
      try {
        next = tree.lookup(caller, at, nameOf(path, from, to)).inode();
      } finally {
        forget(at);
      }
      at = next;
      from = to + 1;
    }
    return new Resolved(at);
  }

  /**
   * The place a path names, whether or not something is there.
   *
   * @throws FsException EBUSY for the root, which has no parent; as {@link #resolve} for the parent
   */
  Place place(Caller caller, String path) throws FsException {
    int slash = path.lastIndexOf('/');
    if (slash < 0 || slash == path.length() - 1) {
      throw new FsException(Errno.EBUSY, path);
    }
    FileName name = nameOf(path, slash + 1, path.length());
    return new Place(resolve(caller, path.substring(0, slash)), name);
  }

  /** Gives one lookup back; the root needs none. */
  void forget(InodeNumber inode) {
    if (!inode.equals(InodeNumber.ROOT)) {
      tree.forget(inode, 1);
    }
  }

  /** The attributes of a fresh entry, whose lookup is given back at once. */
  Attributes forgotten(Entry entry) {
    forget(entry.inode());
    return entry.attributes();
  }

  private static FileName nameOf(String path, int from, int to) throws FsException {
    return FileName.of(path.substring(from, to).getBytes(StandardCharsets.UTF_8));
  }
}
