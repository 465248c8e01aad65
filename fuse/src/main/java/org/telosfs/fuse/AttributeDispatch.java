package org.telosfs.fuse;

import org.telosfs.fuse.wire.BadRequestException;
import org.telosfs.fuse.wire.NodeRequests;
import org.telosfs.vfs.FsException;
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
    x.reply().attributes(tree.setattr(x.caller(), x.node(), x.nodes().attributeChange()));
  }

  void statfs(Exchange x) throws FsException {
    x.reply().statfs(tree.statfs(x.caller()));
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
