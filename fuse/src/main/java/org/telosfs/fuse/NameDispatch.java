package org.telosfs.fuse;

import org.telosfs.fuse.wire.BadRequestException;
import org.telosfs.fuse.wire.NameRequests;
import org.telosfs.vfs.Created;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.RenameMode;
import org.telosfs.vfs.VirtualFileSystem;

/** Operations on names. What replies with an entry has counted its lookup before it replies. */
final class NameDispatch {
  private final VirtualFileSystem tree;
  private final NodeLookups lookups;
  private final OpenHandles handles;
  private final boolean statelessOpen;

  NameDispatch(
      VirtualFileSystem tree, NodeLookups lookups, OpenHandles handles, boolean statelessOpen) {
    this.tree = tree;
    this.lookups = lookups;
    this.handles = handles;
    this.statelessOpen = statelessOpen;
  }

  void lookup(Exchange x) throws FsException, BadRequestException {
    FileName name = x.names().name();
    Entry entry;
    try {
      entry = tree.lookup(x.caller(), x.node(), name);
    } catch (FsException refusal) {
      if (refusal.errno() != Errno.ENOENT) {
        throw refusal;
      }
      x.reply().noEntry();
      return;
    }
    reply(x, entry);
  }

  void mknod(Exchange x) throws FsException, BadRequestException {
    NameRequests asked = x.names();
    reply(
        x,
        tree.mknod(
            x.caller(asked.mknodUmask()),
            x.node(),
            asked.mknodName(),
            asked.mknodType(),
            asked.mknodPermissions(),
            asked.mknodDevice()));
  }

  void mkdir(Exchange x) throws FsException, BadRequestException {
    NameRequests asked = x.names();
    reply(
        x,
        tree.mkdir(
            x.caller(asked.mkdirUmask()), x.node(), asked.mkdirName(), asked.mkdirPermissions()));
  }

  void symlink(Exchange x) throws FsException, BadRequestException {
    NameRequests asked = x.names();
    reply(x, tree.symlink(x.caller(), x.node(), asked.symlinkName(), asked.symlinkTarget()));
  }

  void link(Exchange x) throws FsException, BadRequestException {
    NameRequests asked = x.names();
    reply(x, tree.link(x.caller(), x.node(asked.linkedNode()), x.node(), asked.linkName()));
  }

  /** Where open keeps no state the kernel is told once to use MKNOD instead. */
  void create(Exchange x) throws FsException, BadRequestException {
    if (statelessOpen) {
      throw new FsException(Errno.ENOSYS);
    }
    NameRequests asked = x.names();
    Created created =
        tree.create(
            x.caller(asked.createUmask()),
            x.node(),
            asked.createName(),
            asked.createPermissions(),
            asked.createFlags());
    reply(x, created);
  }

  /** Also where open keeps no state: there is no other way to make a file without a name. */
  void tmpfile(Exchange x) throws FsException, BadRequestException {
    NameRequests asked = x.names();
    Created created =
        tree.tmpfile(
            x.caller(asked.createUmask()),
            x.node(),
            asked.createPermissions(),
            asked.createFlags());
    reply(x, created);
  }

  private void reply(Exchange x, Created created) {
    lookups.given(created.entry());
    handles.given(created.entry().inode(), created.opened(), false);
    x.reply().created(created.entry(), created.opened());
  }

  void unlink(Exchange x) throws FsException, BadRequestException {
    tree.unlink(x.caller(), x.node(), x.names().name());
  }

  void rmdir(Exchange x) throws FsException, BadRequestException {
    tree.rmdir(x.caller(), x.node(), x.names().name());
  }

  void rename(Exchange x) throws FsException, BadRequestException {
    NameRequests asked = x.names();
    RenameMode mode = asked.renameMode();
    tree.rename(
        x.caller(),
        x.node(),
        asked.renameOldName(),
        x.node(asked.renameDirectory()),
        asked.renameNewName(),
        mode);
  }

  void readlink(Exchange x) throws FsException, BadRequestException {
    x.reply().bytes(tree.readlink(x.caller(), x.node()));
  }

  private void reply(Exchange x, Entry entry) {
    lookups.given(entry);
    x.reply().entry(entry);
  }
}
