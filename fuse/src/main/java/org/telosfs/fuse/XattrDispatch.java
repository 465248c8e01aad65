package org.telosfs.fuse;

import org.telosfs.fuse.wire.BadRequestException;
import org.telosfs.fuse.wire.XattrRequests;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.VirtualFileSystem;

/** Operations on extended attributes. */
final class XattrDispatch {
  private final VirtualFileSystem tree;

  XattrDispatch(VirtualFileSystem tree) {
    this.tree = tree;
  }

  void set(Exchange x) throws FsException, BadRequestException {
    XattrRequests asked = x.xattrs();
    tree.setxattr(x.caller(), x.node(), asked.setName(), asked.setValue(), asked.setMode());
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
