package org.telosfs.fuse.jnrfuse;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.VirtualFileSystem;
import ru.serce.jnrfuse.struct.FuseFileInfo;

/** What {@code fi->fh} means: an inode held by one lookup, and the tree's own handle. */
final class OpenFiles {
  private record OpenFile(InodeNumber inode, FileHandle handle) {}

  private final PathResolver paths;
  private final Map<Long, OpenFile> files = new ConcurrentHashMap<>();
  private final AtomicLong last = new AtomicLong();

  OpenFiles(PathResolver paths) {
    this.paths = paths;
  }

  /** Notes an open file in {@code info}; takes over one lookup of {@code inode}. */
  void add(FuseFileInfo info, InodeNumber inode, FileHandle handle) {
    long number = last.incrementAndGet();
    files.put(number, new OpenFile(inode, handle));
    info.fh.set(number);
  }

  InodeNumber inode(FuseFileInfo info) throws FsException {
    return file(info).inode();
  }

  FileHandle handle(FuseFileInfo info) throws FsException {
    return file(info).handle();
  }

  /** The last use is over. */
  void remove(VirtualFileSystem tree, FuseFileInfo info) {
    close(tree, files.remove(info.fh.longValue()));
  }

  /** The mount is over: what is still open will not be released by anybody else. */
  void releaseAll(VirtualFileSystem tree) {
    for (OpenFile file : files.values()) {
      close(tree, file);
    }
    files.clear();
  }

  private void close(VirtualFileSystem tree, @Nullable OpenFile file) {
    if (file == null) {
      return;
    }
    if (!tree.traits().statelessOpen()) {
      tree.release(file.inode(), file.handle());
    }
    paths.forget(file.inode());
  }

  private OpenFile file(FuseFileInfo info) throws FsException {
    OpenFile file = files.get(info.fh.longValue());
    if (file == null) {
      throw new FsException(Errno.EBADF, "fh " + info.fh.longValue());
    }
    return file;
  }
}
