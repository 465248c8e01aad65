package org.telosfs.posix;

import java.util.List;
import org.telosfs.block.volume.Purpose;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.XattrMode;
import org.telosfs.vfs.XattrName;
import org.telosfs.vfs.XattrNamespace;
import org.telosfs.vfs.acl.AclKind;
import org.telosfs.vfs.acl.ModeAndAcl;
import org.telosfs.vfs.acl.PosixAcl;

/** Extended attributes (xattr(7)), access control lists (acl(5)) among them. */
final class XattrOperations {
  private final PosixVolume volume;
  private final InodeTable table;
  private final InodeLocks locks;
  private final PosixClock clock;

  XattrOperations(PosixVolume volume, InodeTable table, InodeLocks locks, PosixClock clock) {
    this.volume = volume;
    this.table = table;
    this.locks = locks;
    this.clock = clock;
  }

  void set(InodeNumber number, XattrName name, byte[] value, XattrMode mode, boolean clearSetgid)
      throws FsException {
    LiveInode inode = table.require(number);
    if (value.length > XattrName.MAX_VALUE_BYTES) {
      throw new FsException(Errno.E2BIG, "attribute of " + value.length + " bytes");
    }
    AclKind kind = AclKind.of(name);
    if (kind == null) {
      XattrNamespace.of(name).requireOn(inode.record().type());
      setBytes(inode, name, value, mode);
    } else {
      kind.requireOn(inode.record().type());
      PosixAcl acl = PosixAcl.decode(value);
      if (acl.isEmpty()) {
        remove(number, name);
      } else {
        setAcl(inode, kind, acl, clearSetgid);
      }
    }
  }

  private void setBytes(LiveInode inode, XattrName name, byte[] value, XattrMode mode)
      throws FsException {
    try (InodeLocks.Held held = locks.write(inode.value());
        PosixTransaction tx = volume.begin(Purpose.GROW)) {
      boolean exists = XattrRows.exists(tx, inode.value(), name);
      if (mode == XattrMode.CREATE && exists) {
        throw new FsException(Errno.EEXIST, name.toString());
      }
      if (mode == XattrMode.REPLACE && !exists) {
        throw new FsException(Errno.ENODATA, name.toString());
      }
      requireListable(tx, inode, name);
      XattrRows.put(tx, inode.value(), name, value);
      commitChanged(tx, inode, inode.record().withFlags(InodeRecord.MAY_HAVE_XATTRS));
    }
  }

  private void setAcl(LiveInode inode, AclKind kind, PosixAcl acl, boolean clearSetgid)
      throws FsException {
    try (InodeLocks.Held held = locks.write(inode.value());
        PosixTransaction tx = volume.begin(Purpose.GROW)) {
      InodeRecord record = inode.record();
      ModeAndAcl both =
          kind == AclKind.ACCESS
              ? acl.setOn(record.permissions(), clearSetgid)
              : new ModeAndAcl(record.permissions(), acl);
      PosixAcl kept = both.access();
      if (kept != null) {
        requireListable(tx, inode, kind.attribute());
        record = record.withFlags(InodeRecord.MAY_HAVE_XATTRS);
      }
      XattrRows.putAcl(tx, inode.value(), kind, kept);
      commitChanged(tx, inode, record.withOwner(both.permissions(), record.uid(), record.gid()));
    }
  }

  /** A name is added only if all names fit into a listing with it. */
  private static void requireListable(PosixMap map, LiveInode inode, XattrName added)
      throws FsException {
    if (!inode.record().has(InodeRecord.MAY_HAVE_XATTRS)
        || XattrRows.exists(map, inode.value(), added)) {
      return;
    }
    int listed = 0;
    for (XattrName name : XattrRows.names(map, inode.value())) {
      listed += name.listedBytes();
    }
    if (listed + added.listedBytes() > XattrName.MAX_LIST_BYTES) {
      throw new FsException(Errno.ENOSPC, "the names of all attributes are too long");
    }
  }

  byte[] get(InodeNumber number, XattrName name) throws FsException {
    LiveInode inode = table.require(number);
    requireKept(name);
    try (InodeLocks.Held held = locks.read(number.value())) {
      byte[] value =
          inode.record().has(InodeRecord.MAY_HAVE_XATTRS)
              ? XattrRows.get(volume.view(), inode.value(), name)
              : null;
      if (value == null) {
        throw new FsException(Errno.ENODATA);
      }
      return value;
    }
  }

  List<XattrName> list(Caller caller, InodeNumber number) throws FsException {
    LiveInode inode = table.require(number);
    try (InodeLocks.Held held = locks.read(number.value())) {
      return inode.record().has(InodeRecord.MAY_HAVE_XATTRS)
          ? XattrNamespace.shownTo(caller, XattrRows.names(volume.view(), inode.value()))
          : List.of();
    }
  }

  void remove(InodeNumber number, XattrName name) throws FsException {
    LiveInode inode = table.require(number);
    requireKept(name);
    try (InodeLocks.Held held = locks.write(number.value());
        PosixTransaction tx = volume.begin(Purpose.RELEASE)) {
      if (!XattrRows.remove(tx, inode.value(), name)) {
        if (AclKind.of(name) != null) {
          return;
        }
        throw new FsException(Errno.ENODATA);
      }
      commitChanged(tx, inode, inode.record());
    }
  }

  private void commitChanged(PosixTransaction tx, LiveInode inode, InodeRecord changed)
      throws FsException {
    InodeRecord after = changed.withTimes(changed.accessed(), changed.modified(), clock.now());
    tx.putInode(inode, after);
    tx.commit();
    inode.committed(after);
  }

  private static void requireKept(XattrName name) throws FsException {
    if (AclKind.of(name) == null) {
      XattrNamespace.of(name);
    }
  }
}
