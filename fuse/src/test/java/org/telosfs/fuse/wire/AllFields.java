package org.telosfs.fuse.wire;

import org.telosfs.vfs.FsException;

/** Reads every field that a request of its kind has. */
final class AllFields {
  private AllFields() {}

  static void read(RequestView view) throws BadRequestException, FsException {
    NameRequests names = new NameRequests(view);
    NodeRequests nodes = new NodeRequests(view);
    DataRequests data = new DataRequests(view);
    XattrRequests xattrs = new XattrRequests(view);
    SessionRequests session = new SessionRequests(view);
    switch (view.opcode()) {
      case LOOKUP, UNLINK, RMDIR -> names.name();
      case SYMLINK -> {
        names.symlinkName();
        names.symlinkTarget();
      }
      case MKNOD -> {
        names.mknodName();
        names.mknodType();
        names.mknodPermissions();
        names.mknodDevice();
        names.mknodUmask();
      }
      case MKDIR -> {
        names.mkdirName();
        names.mkdirPermissions();
        names.mkdirUmask();
      }
      case CREATE, TMPFILE -> {
        names.createFlags();
        names.createPermissions();
        names.createUmask();
        if (view.opcode() == Opcode.CREATE) {
          names.createName();
        }
      }
      case LINK -> {
        names.linkedNode();
        names.linkName();
      }
      case RENAME, RENAME2 -> {
        names.renameDirectory();
        names.renameMode();
        names.renameOldName();
        names.renameNewName();
      }
      case SETATTR -> nodes.attributeChange();
      case FORGET -> nodes.forgottenLookups();
      case BATCH_FORGET -> {
        int count = nodes.batchCount();
        for (int i = 0; i < count; i++) {
          nodes.batchNode(i);
          nodes.batchLookups(i);
        }
      }
      case OPEN, OPENDIR -> data.openFlags();
      case RELEASE, RELEASEDIR -> data.releasedHandle();
      case READ, READDIR, READDIRPLUS -> {
        data.readHandle();
        data.readOffset();
        data.readBytes();
        if (view.opcode() == Opcode.READ) {
          data.readFlags();
        }
      }
      case WRITE -> {
        data.writeHandle();
        data.writeOffset();
        data.writeLoss();
        data.writeData();
      }
      case FSYNC, FSYNCDIR -> {
        data.fsyncHandle();
        data.fsyncDataOnly();
      }
      case FALLOCATE -> {
        data.allocateHandle();
        data.allocateMode();
        data.allocateOffset();
        data.allocateBytes();
      }
      case LSEEK -> {
        data.seekHandle();
        data.seekOffset();
        data.seekTarget();
      }
      case COPY_FILE_RANGE, COPY_FILE_RANGE_64 -> {
        data.copyFromHandle();
        data.copyFromOffset();
        data.copyToNode();
        data.copyToHandle();
        data.copyToOffset();
        data.copyBytes();
      }
      case SETXATTR -> {
        xattrs.setName(false);
        xattrs.setMode();
        xattrs.setValue(true);
        xattrs.clearsSetgid(true);
      }
      case GETXATTR -> {
        xattrs.getName();
        xattrs.roomBytes();
      }
      case LISTXATTR -> xattrs.roomBytes();
      case REMOVEXATTR -> xattrs.removeName();
      case INIT -> {
        session.initMajor();
        session.initMinor();
        session.initMaxReadaheadBytes();
        session.initFlags();
      }
      case INTERRUPT -> session.interruptedUnique();
      case GETATTR,
          READLINK,
          STATFS,
          FLUSH,
          GETLK,
          SETLK,
          SETLKW,
          ACCESS,
          BMAP,
          DESTROY,
          IOCTL,
          POLL,
          NOTIFY_REPLY,
          SETUPMAPPING,
          REMOVEMAPPING,
          SYNCFS,
          STATX,
          UNKNOWN -> {}
    }
  }
}
