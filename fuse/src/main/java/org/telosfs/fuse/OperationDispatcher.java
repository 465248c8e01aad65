package org.telosfs.fuse;

import java.io.IOException;
import org.telosfs.fuse.wire.BadRequestException;
import org.telosfs.fuse.wire.InitAnswer;
import org.telosfs.fuse.wire.Opcode;
import org.telosfs.fuse.wire.ReplyWriter;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.VirtualFileSystem;

/** One request to one method of the tree; what it returns or throws becomes the reply. */
final class OperationDispatcher {
  private final VirtualFileSystem tree;
  private final NodeLookups lookups;
  private final OpenHandles handles;
  private final ErrnoTranslation errnos;
  private final SessionControl control;
  private final NameDispatch names;
  private final AttributeDispatch attributes;
  private final DataDispatch data;
  private final XattrDispatch xattrs;

  OperationDispatcher(
      VirtualFileSystem tree,
      boolean statelessOpen,
      NodeLookups lookups,
      OpenHandles handles,
      ErrnoTranslation errnos,
      SessionControl control) {
    this.tree = tree;
    this.lookups = lookups;
    this.handles = handles;
    this.errnos = errnos;
    this.control = control;
    this.names = new NameDispatch(tree, lookups, handles, statelessOpen);
    this.attributes = new AttributeDispatch(tree, lookups);
    this.data = new DataDispatch(tree, lookups, handles, statelessOpen);
    this.xattrs = new XattrDispatch(tree);
  }

  /** The kernel and we have agreed; what it sends from now on looks like this. */
  void agreed(InitAnswer answer) {
    xattrs.agreed(answer);
  }

  /** Serves the exchange's request; its reply is then ready to be sent. Never throws. */
  @SuppressWarnings("CatchThrowable") // whatever a tree throws, the caller waits for an answer
  void serve(Exchange x) {
    try {
      dispatch(x);
    } catch (Throwable thrown) {
      x.reply().refuse(errnos.errno(thrown, x.request()));
    }
  }

  private void dispatch(Exchange x) throws FsException, BadRequestException, IOException {
    switch (x.request().opcode()) {
      case LOOKUP -> names.lookup(x);
      case GETATTR -> attributes.getattr(x);
      case READ -> data.read(x);
      case WRITE -> data.write(x);
      case FORGET -> attributes.forget(x);
      case BATCH_FORGET -> attributes.batchForget(x);
      case SETATTR -> attributes.setattr(x);
      case STATX -> attributes.statx(x);
      case STATFS -> attributes.statfs(x);
      case MKNOD -> names.mknod(x);
      case MKDIR -> names.mkdir(x);
      case CREATE -> names.create(x);
      case TMPFILE -> names.tmpfile(x);
      case SYMLINK -> names.symlink(x);
      case READLINK -> names.readlink(x);
      case LINK -> names.link(x);
      case UNLINK -> names.unlink(x);
      case RMDIR -> names.rmdir(x);
      case RENAME, RENAME2 -> names.rename(x);
      case OPEN -> data.open(x);
      case OPENDIR -> data.opendir(x);
      case RELEASE -> data.release(x);
      case RELEASEDIR -> data.releasedir(x);
      case READDIR -> data.readdir(x);
      case READDIRPLUS -> data.readdirplus(x);
      case FSYNC, FSYNCDIR -> data.fsync(x);
      case SYNCFS -> tree.syncAll();
      case FALLOCATE -> data.allocate(x);
      case LSEEK -> data.seek(x);
      case COPY_FILE_RANGE -> data.copyRange(x);
      case COPY_FILE_RANGE_64 -> data.copyRange64(x);
      case SETXATTR -> xattrs.set(x);
      case GETXATTR -> xattrs.get(x);
      case LISTXATTR -> xattrs.list(x);
      case REMOVEXATTR -> xattrs.remove(x);
      case INIT -> control.init(x);
      case INTERRUPT -> control.interrupt(x);
      case DESTROY -> control.destroy(x);
      case NOTIFY_REPLY -> x.reply().none();
      // ENOSYS once and for ever: close(2) has nothing to flush, access(2) is answered by
      // default_permissions, and locks, ioctls, poll, bmap and DAX are the kernel's or nobody's.
      case FLUSH,
          ACCESS,
          GETLK,
          SETLK,
          SETLKW,
          BMAP,
          IOCTL,
          POLL,
          SETUPMAPPING,
          REMOVEMAPPING,
          UNKNOWN ->
          throw new FsException(Errno.ENOSYS);
    }
  }

  /** The reply could not be delivered: takes back what it had given to the kernel. */
  void undelivered(Exchange x) {
    ReplyWriter reply = x.reply();
    if (reply.errno() != 0) {
      return;
    }
    Opcode opcode = x.request().opcode();
    if (opcode == Opcode.READDIRPLUS) {
      reply.writtenListing().forEachLookup(node -> lookups.forget(node, 1));
    } else if (opcode == Opcode.OPEN || opcode == Opcode.OPENDIR) {
      release(x.request().node(), reply.openedHandle(), opcode == Opcode.OPENDIR);
    } else if (repliesWithEntry(opcode) && reply.entryNode() != 0) {
      long node = reply.entryNode();
      if (opcode == Opcode.CREATE || opcode == Opcode.TMPFILE) {
        release(node, reply.createdHandle(), false);
      }
      lookups.forget(node, 1);
    }
  }

  private void release(long node, long handle, boolean directory) {
    handles.release(new InodeNumber(node), new FileHandle(handle), directory);
  }

  private static boolean repliesWithEntry(Opcode opcode) {
    return opcode == Opcode.LOOKUP
        || opcode == Opcode.MKNOD
        || opcode == Opcode.MKDIR
        || opcode == Opcode.SYMLINK
        || opcode == Opcode.LINK
        || opcode == Opcode.CREATE
        || opcode == Opcode.TMPFILE;
  }

  /** The requests that are about the session and not about the tree. */
  interface SessionControl {
    void init(Exchange x) throws FsException, BadRequestException;

    void interrupt(Exchange x) throws BadRequestException;

    void destroy(Exchange x);
  }
}
