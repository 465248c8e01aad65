package org.telosfs.vfs;

import java.nio.ByteBuffer;

/** A tree in which every changing operation is refused with EROFS and syncing is a no-op. */
public abstract class ReadOnlyFileSystem implements VirtualFileSystem {

  private static FsException refused() {
    return new FsException(Errno.EROFS);
  }

  @Override
  public final Entry mknod(
      Caller caller,
      InodeNumber directory,
      FileName name,
      FileType type,
      int permissions,
      int device)
      throws FsException {
    throw refused();
  }

  @Override
  public final Entry mkdir(Caller caller, InodeNumber directory, FileName name, int permissions)
      throws FsException {
    throw refused();
  }

  @Override
  public final Entry symlink(Caller caller, InodeNumber directory, FileName name, byte[] target)
      throws FsException {
    throw refused();
  }

  @Override
  public final Entry link(Caller caller, InodeNumber inode, InodeNumber directory, FileName name)
      throws FsException {
    throw refused();
  }

  @Override
  public final void unlink(Caller caller, InodeNumber directory, FileName name) throws FsException {
    throw refused();
  }

  @Override
  public final void rmdir(Caller caller, InodeNumber directory, FileName name) throws FsException {
    throw refused();
  }

  @Override
  public final void rename(
      Caller caller,
      InodeNumber oldDirectory,
      FileName oldName,
      InodeNumber newDirectory,
      FileName newName,
      RenameMode mode)
      throws FsException {
    throw refused();
  }

  @Override
  public final Attributes setattr(Caller caller, InodeNumber inode, AttributeChange change)
      throws FsException {
    throw refused();
  }

  @Override
  public final Created create(
      Caller caller, InodeNumber directory, FileName name, int permissions, OpenFlags flags)
      throws FsException {
    throw refused();
  }

  @Override
  public final Created tmpfile(
      Caller caller, InodeNumber directory, int permissions, OpenFlags flags) throws FsException {
    throw refused();
  }

  @Override
  public final int write(
      Caller caller,
      InodeNumber inode,
      FileHandle handle,
      long offsetBytes,
      ByteBuffer data,
      PrivilegeLoss loss)
      throws FsException {
    throw refused();
  }

  @Override
  public final void fsync(Caller caller, InodeNumber inode, FileHandle handle, boolean dataOnly) {
    // Nothing is ever dirty.
  }

  @Override
  public final void syncAll() {
    // Nothing is ever dirty.
  }

  @Override
  public final void allocate(
      Caller caller,
      InodeNumber inode,
      FileHandle handle,
      AllocateMode mode,
      long offsetBytes,
      long lengthBytes)
      throws FsException {
    throw refused();
  }

  @Override
  public final long copyRange(
      Caller caller,
      InodeNumber from,
      FileHandle fromHandle,
      long fromOffsetBytes,
      InodeNumber to,
      FileHandle toHandle,
      long toOffsetBytes,
      long lengthBytes)
      throws FsException {
    throw refused();
  }

  @Override
  public final void setxattr(
      Caller caller,
      InodeNumber inode,
      XattrName name,
      byte[] value,
      XattrMode mode,
      boolean clearSetgid)
      throws FsException {
    throw refused();
  }

  @Override
  public final void removexattr(Caller caller, InodeNumber inode, XattrName name)
      throws FsException {
    throw refused();
  }
}
