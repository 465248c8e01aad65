package org.telosfs.fuse;

import org.telosfs.fuse.wire.BadRequestException;
import org.telosfs.fuse.wire.NodeRequests;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.VirtualFileSystem;

/** Operations on an inode's attributes and on its life. */
final class AttributeDispatch {
  private final VirtualFileSystem tree;
  private final NodeLookups lookups;

  AttributeDispatch(VirtualFileSystem tree, NodeLookups lookups) {
    this.tree = tree;
    this.lookups = lookups;
  }

  void getattr(Exchange x) throws FsException, BadRequestException {
    x.reply().attributes(tree.getattr(x.caller(), x.node()));
  }

  void statx(Exchange x) throws FsException, BadRequestException {
    x.reply().extendedAttributes(tree.getattr(x.caller(), x.node()));
  }

  void setattr(Exchange x) throws FsException, BadRequestException {
    AttributeChange change = x.nodes().attributeChange();
    if (change.equals(AttributeChange.NONE) && mayClearPrivileges(x.caller(), x.node())) {
      change = AttributeChange.CLEAR_PRIVILEGES;
    }
    x.reply().attributes(tree.setattr(x.caller(), x.node(), change));
  }

  /**
   * A request that asks for nothing is what the kernel leaves of one to clear set-id bits: before
   * FALLOCATE and COPY_FILE_RANGE, and for a chown(2) that keeps both owners. The latter it sends
   * for everybody, so that only the owner and the superuser get what they ask for.
   */
  private boolean mayClearPrivileges(Caller caller, InodeNumber inode) throws FsException {
    Attributes attributes = tree.getattr(caller, inode);
    return !attributes.isDirectory() && (caller.isRoot() || caller.uid() == attributes.uid());
  }

  void statfs(Exchange x) throws FsException, BadRequestException {
    x.reply().statfs(tree.statfs(x.caller(), x.node()));
  }

  void forget(Exchange x) throws BadRequestException {
    x.reply().none();
    lookups.forget(x.request().node(), x.nodes().forgottenLookups());
  }

  void batchForget(Exchange x) throws BadRequestException {
    x.reply().none();
    NodeRequests asked = x.nodes();
    int count = asked.batchCount();
    for (int i = 0; i < count; i++) {
      lookups.forget(asked.batchNode(i), asked.batchLookups(i));
    }
  }
}
