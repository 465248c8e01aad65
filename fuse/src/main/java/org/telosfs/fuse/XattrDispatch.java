package org.telosfs.fuse;

import org.telosfs.fuse.wire.BadRequestException;
import org.telosfs.fuse.wire.InitAnswer;
import org.telosfs.fuse.wire.InitFlag;
import org.telosfs.fuse.wire.XattrRequests;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.VirtualFileSystem;

/** Operations on extended attributes. */
final class XattrDispatch {
  private final VirtualFileSystem tree;
  private volatile boolean extended;

  XattrDispatch(VirtualFileSystem tree) {
    this.tree = tree;
  }

  /** What INIT has agreed on. */
  void agreed(InitAnswer answer) {
    extended = InitFlag.of(answer.flags()).contains(InitFlag.SETXATTR_EXT);
  }

  void set(Exchange x) throws FsException, BadRequestException {
    XattrRequests asked = x.xattrs();
    boolean ext = extended;
    tree.setxattr(
        x.caller(),
        x.node(),
        asked.setName(ext),
        asked.setValue(ext),
        asked.setMode(),
        asked.clearsSetgid(ext));
  }

  void get(Exchange x) throws FsException, BadRequestException {
    byte[] value = tree.getxattr(x.caller(), x.node(), x.xattrs().getName());
    x.reply().xattr(value, x.xattrs().roomBytes());
  }

  void list(Exchange x) throws FsException, BadRequestException {
    x.reply().xattrNames(tree.listxattr(x.caller(), x.node()), x.xattrs().roomBytes());
  }

  void remove(Exchange x) throws FsException, BadRequestException {
    tree.removexattr(x.caller(), x.node(), x.xattrs().removeName());
  }
}
