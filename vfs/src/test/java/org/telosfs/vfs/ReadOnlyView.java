package org.telosfs.vfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Another tree as it is, without a way to change it. */
public final class ReadOnlyView extends ReadOnlyFileSystem {
  private final VirtualFileSystem of;

  /** Closing the view closes the tree. */
  public ReadOnlyView(VirtualFileSystem of) {
    this.of = of;
  }

  @Override
  public FileSystemTraits traits() {
    FileSystemTraits traits = of.traits();
    return new FileSystemTraits(
        traits.name(),
        true,
        traits.statelessOpen(),
        traits.posixAcls(),
        traits.entryTimeout(),
        traits.attributeTimeout(),
        traits.negativeTimeout());
  }

  @Override
  public void cachedBy(CacheInvalidator cache) {
    of.cachedBy(cache);
  }

  @Override
  public void noLongerCachedBy(CacheInvalidator cache) {
    of.noLongerCachedBy(cache);
  }

  @Override
  public Entry lookup(Caller caller, InodeNumber directory, FileName name) throws FsException {
    return of.lookup(caller, directory, name);
  }

  @Override
  public void forget(InodeNumber inode, long lookups) {
    of.forget(inode, lookups);
  }

  @Override
  public byte[] readlink(Caller caller, InodeNumber inode) throws FsException {
    return of.readlink(caller, inode);
  }

  @Override
  public Attributes getattr(Caller caller, InodeNumber inode) throws FsException {
    return of.getattr(caller, inode);
  }

  @Override
  public Opened open(Caller caller, InodeNumber inode, OpenFlags flags) throws FsException {
    if (flags.writes()) {
      throw new FsException(Errno.EROFS);
    }
    return of.open(caller, inode, flags);
  }

  @Override
  public void release(InodeNumber inode, FileHandle handle) {
    of.release(inode, handle);
  }

  @Override
  public int read(
      Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, ByteBuffer into)
      throws FsException {
    return of.read(caller, inode, handle, offsetBytes, into);
  }

  @Override
  public long seek(
      Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, SeekTarget target)
      throws FsException {
    return of.seek(caller, inode, handle, offsetBytes, target);
  }

  @Override
  public Opened opendir(Caller caller, InodeNumber directory) throws FsException {
    return of.opendir(caller, directory);
  }

  @Override
  public void releasedir(InodeNumber directory, FileHandle handle) {
    of.releasedir(directory, handle);
  }

  @Override
  public void readdir(
      Caller caller, InodeNumber directory, FileHandle handle, long cookie, DirectorySink sink)
      throws FsException {
    of.readdir(caller, directory, handle, cookie, sink);
  }

  @Override
  public void readdirplus(
      Caller caller, InodeNumber directory, FileHandle handle, long cookie, LookupSink sink)
      throws FsException {
    of.readdirplus(caller, directory, handle, cookie, sink);
  }

  @Override
  public byte[] getxattr(Caller caller, InodeNumber inode, XattrName name) throws FsException {
    return of.getxattr(caller, inode, name);
  }

  @Override
  public List<XattrName> listxattr(Caller caller, InodeNumber inode) throws FsException {
    return of.listxattr(caller, inode);
  }

  @Override
  public StatFs statfs(Caller caller, InodeNumber inode) throws FsException {
    return of.statfs(caller, inode);
  }

  @Override
  public void close() throws IOException {
    of.close();
  }
}
