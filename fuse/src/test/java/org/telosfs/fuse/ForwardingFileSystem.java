package org.telosfs.fuse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.CacheInvalidator;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Created;
import org.telosfs.vfs.DirectorySink;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.LookupSink;
import org.telosfs.vfs.OpenFlags;
import org.telosfs.vfs.Opened;
import org.telosfs.vfs.PrivilegeLoss;
import org.telosfs.vfs.RenameMode;
import org.telosfs.vfs.SeekTarget;
import org.telosfs.vfs.StatFs;
import org.telosfs.vfs.VirtualFileSystem;
import org.telosfs.vfs.XattrMode;
import org.telosfs.vfs.XattrName;

/** A tree that passes everything on to another; tests override what is to go differently. */
public class ForwardingFileSystem implements VirtualFileSystem {
  private final VirtualFileSystem tree;

  public ForwardingFileSystem(VirtualFileSystem tree) {
    this.tree = tree;
  }

  @Override
  public FileSystemTraits traits() {
    return tree.traits();
  }

  @Override
  public void cachedBy(CacheInvalidator cache) {
    tree.cachedBy(cache);
  }

  @Override
  public void noLongerCachedBy(CacheInvalidator cache) {
    tree.noLongerCachedBy(cache);
  }

  @Override
  public Entry lookup(Caller caller, InodeNumber directory, FileName name) throws FsException {
    return tree.lookup(caller, directory, name);
  }

  @Override
  public void forget(InodeNumber inode, long lookups) {
    tree.forget(inode, lookups);
  }

  @Override
  public Entry mknod(
      Caller caller,
      InodeNumber directory,
      FileName name,
      FileType type,
      int permissions,
      int device)
      throws FsException {
    return tree.mknod(caller, directory, name, type, permissions, device);
  }

  @Override
  public Entry mkdir(Caller caller, InodeNumber directory, FileName name, int permissions)
      throws FsException {
    return tree.mkdir(caller, directory, name, permissions);
  }

  @Override
  public Entry symlink(Caller caller, InodeNumber directory, FileName name, byte[] target)
      throws FsException {
    return tree.symlink(caller, directory, name, target);
  }

  @Override
  public Entry link(Caller caller, InodeNumber inode, InodeNumber directory, FileName name)
      throws FsException {
    return tree.link(caller, inode, directory, name);
  }

  @Override
  public void unlink(Caller caller, InodeNumber directory, FileName name) throws FsException {
    tree.unlink(caller, directory, name);
  }

  @Override
  public void rmdir(Caller caller, InodeNumber directory, FileName name) throws FsException {
    tree.rmdir(caller, directory, name);
  }

  @Override
  public void rename(
      Caller caller,
      InodeNumber oldDirectory,
      FileName oldName,
      InodeNumber newDirectory,
      FileName newName,
      RenameMode mode)
      throws FsException {
    tree.rename(caller, oldDirectory, oldName, newDirectory, newName, mode);
  }

  @Override
  public Attributes getattr(Caller caller, InodeNumber inode) throws FsException {
    return tree.getattr(caller, inode);
  }

  @Override
  public Attributes setattr(Caller caller, InodeNumber inode, AttributeChange change)
      throws FsException {
    return tree.setattr(caller, inode, change);
  }

  @Override
  public Opened open(Caller caller, InodeNumber inode, OpenFlags flags) throws FsException {
    return tree.open(caller, inode, flags);
  }

  @Override
  public Created create(
      Caller caller, InodeNumber directory, FileName name, int permissions, OpenFlags flags)
      throws FsException {
    return tree.create(caller, directory, name, permissions, flags);
  }

  @Override
  public Created tmpfile(Caller caller, InodeNumber directory, int permissions, OpenFlags flags)
      throws FsException {
    return tree.tmpfile(caller, directory, permissions, flags);
  }

  @Override
  public void release(InodeNumber inode, FileHandle handle) {
    tree.release(inode, handle);
  }

  @Override
  public int read(
      Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, ByteBuffer into)
      throws FsException {
    return tree.read(caller, inode, handle, offsetBytes, into);
  }

  @Override
  public int write(
      Caller caller,
      InodeNumber inode,
      FileHandle handle,
      long offsetBytes,
      ByteBuffer data,
      PrivilegeLoss loss)
      throws FsException {
    return tree.write(caller, inode, handle, offsetBytes, data, loss);
  }

  @Override
  public void fsync(Caller caller, InodeNumber inode, FileHandle handle, boolean dataOnly)
      throws FsException {
    tree.fsync(caller, inode, handle, dataOnly);
  }

  @Override
  public void syncAll() throws FsException {
    tree.syncAll();
  }

  @Override
  public void allocate(
      Caller caller,
      InodeNumber inode,
      FileHandle handle,
      AllocateMode mode,
      long offsetBytes,
      long lengthBytes)
      throws FsException {
    tree.allocate(caller, inode, handle, mode, offsetBytes, lengthBytes);
  }

  @Override
  public long seek(
      Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, SeekTarget target)
      throws FsException {
    return tree.seek(caller, inode, handle, offsetBytes, target);
  }

  @Override
  public long copyRange(
      Caller caller,
      InodeNumber from,
      FileHandle fromHandle,
      long fromOffsetBytes,
      InodeNumber to,
      FileHandle toHandle,
      long toOffsetBytes,
      long lengthBytes)
      throws FsException {
    return tree.copyRange(
        caller, from, fromHandle, fromOffsetBytes, to, toHandle, toOffsetBytes, lengthBytes);
  }

  @Override
  public Opened opendir(Caller caller, InodeNumber directory) throws FsException {
    return tree.opendir(caller, directory);
  }

  @Override
  public void releasedir(InodeNumber directory, FileHandle handle) {
    tree.releasedir(directory, handle);
  }

  @Override
  public void readdir(
      Caller caller, InodeNumber directory, FileHandle handle, long cookie, DirectorySink sink)
      throws FsException {
    tree.readdir(caller, directory, handle, cookie, sink);
  }

  @Override
  public void readdirplus(
      Caller caller, InodeNumber directory, FileHandle handle, long cookie, LookupSink sink)
      throws FsException {
    tree.readdirplus(caller, directory, handle, cookie, sink);
  }

  @Override
  public void setxattr(
      Caller caller,
      InodeNumber inode,
      XattrName name,
      byte[] value,
      XattrMode mode,
      boolean clearSetgid)
      throws FsException {
    tree.setxattr(caller, inode, name, value, mode, clearSetgid);
  }

  @Override
  public List<XattrName> listxattr(Caller caller, InodeNumber inode) throws FsException {
    return tree.listxattr(caller, inode);
  }

  @Override
  public void removexattr(Caller caller, InodeNumber inode, XattrName name) throws FsException {
    tree.removexattr(caller, inode, name);
  }

  @Override
  public StatFs statfs(Caller caller, InodeNumber inode) throws FsException {
    return tree.statfs(caller, inode);
  }

  @Override
  public void close() throws IOException {
    tree.close();
  }

  @Override
  public byte[] getxattr(Caller caller, InodeNumber inode, XattrName name) throws FsException {
    return tree.getxattr(caller, inode, name);
  }

  @Override
  public byte[] readlink(Caller caller, InodeNumber inode) throws FsException {
    return tree.readlink(caller, inode);
  }
}
