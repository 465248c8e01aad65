package org.telosfs.posix;

import org.telosfs.block.volume.Purpose;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.Timestamp;
import org.telosfs.vfs.XattrName;
import org.telosfs.vfs.acl.AclKind;
import org.telosfs.vfs.acl.PosixAcl;

/** chmod, chown, truncate and utimensat, together in one transaction. */
final class AttributeOperations {
  private final PosixVolume volume;
  private final InodeTable table;
  private final InodeLocks locks;
  private final FileContent content;
  private final PageFlush flush;
  private final PosixClock clock;

  AttributeOperations(
      PosixVolume volume,
      InodeTable table,
      InodeLocks locks,
      FileContent content,
      PageFlush flush,
      PosixClock clock) {
    this.volume = volume;
    this.table = table;
    this.locks = locks;
    this.content = content;
    this.flush = flush;
    this.clock = clock;
  }

  Attributes getattr(InodeNumber inode) throws FsException {
    return table.require(inode).attributes();
  }

  Attributes setattr(Caller caller, InodeNumber number, AttributeChange change) throws FsException {
    LiveInode inode = table.require(number);
    try (InodeLocks.Held held = locks.write(number.value())) {
      Long newSize = change.sizeBytes();
      if (newSize != null) {
        requireResizable(inode.record(), newSize);
      }
      if (volume.quotas().isStarted() && (change.uid() != null || change.gid() != null)) {
        flush.flush(inode); // What waits is counted for the owner of now.
      }
      Purpose purpose = purpose(inode.record(), newSize);
      try (PosixTransaction tx = volume.begin(purpose).paidBy(caller)) {
        InodeRecord record = inode.record();
        if (newSize != null) {
          record = content.resize(tx, inode, record, newSize);
        }
        changeXattrs(tx, inode, change);
        record = changed(record, change, clock.now());
        tx.putInode(inode, record);
        tx.commit();
        inode.committed(record);
      }
      if (newSize != null) {
        content.resized(inode, newSize);
      }
      return inode.attributes();
    }
  }

  /** Making a file shorter works on a full volume too. */
  private static Purpose purpose(
      InodeRecord record, @org.jspecify.annotations.Nullable Long newSize) {
    return newSize != null && newSize <= record.sizeBytes() ? Purpose.RELEASE : Purpose.GROW;
  }

  private static void requireResizable(InodeRecord record, long newSize) throws FsException {
    if (record.type() != FileType.REGULAR) {
      throw new FsException(record.isDirectory() ? Errno.EISDIR : Errno.EINVAL);
    }
    if (newSize < 0) {
      throw new FsException(Errno.EINVAL, "size " + newSize);
    }
  }

  /** The access list follows the permissions; a program's capabilities do not survive a change. */
  private static void changeXattrs(PosixTransaction tx, LiveInode inode, AttributeChange change)
      throws FsException {
    InodeRecord record = inode.record();
    if (!record.has(InodeRecord.MAY_HAVE_XATTRS)) {
      return;
    }
    Integer newPermissions = change.permissions();
    if (newPermissions != null) {
      PosixAcl access = XattrRows.acl(tx, inode.value(), AclKind.ACCESS);
      if (access != null) {
        XattrRows.putAcl(tx, inode.value(), AclKind.ACCESS, access.afterChmod(newPermissions));
      }
    }
    boolean givenAway = change.uid() != null || change.gid() != null;
    if (change.sizeBytes() != null || (givenAway && !record.isDirectory())) {
      XattrRows.remove(tx, inode.value(), XattrName.CAPABILITY);
    }
  }

  private static InodeRecord changed(InodeRecord record, AttributeChange change, Timestamp now) {
    Integer newUid = change.uid();
    Integer newGid = change.gid();
    Integer newPermissions = change.permissions();
    boolean givenAway = newUid != null || newGid != null;
    int permissions = record.permissions();
    if (change.clearPrivileges() || (givenAway && record.type() == FileType.REGULAR)) {
      permissions = Privileges.without(permissions);
    }
    if (newPermissions != null) {
      permissions = newPermissions;
    }
    return record
        .withOwner(
            permissions,
            newUid == null ? record.uid() : newUid,
            newGid == null ? record.gid() : newGid)
        .withTimes(
            change.accessed().applyTo(record.accessed(), now),
            change.modified().applyTo(record.modified(), now),
            now);
  }
}
