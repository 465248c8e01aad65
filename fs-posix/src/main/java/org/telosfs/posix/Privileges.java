package org.telosfs.posix;

import org.telosfs.block.volume.Purpose;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.PrivilegeLoss;
import org.telosfs.vfs.XattrName;

/** What runs with more rights than its caller's: set-id bits and file capabilities. */
final class Privileges {
  private final PosixVolume volume;

  Privileges(PosixVolume volume) {
    this.volume = volume;
  }

  /** The permissions without setuid, and without setgid where the group may execute. */
  static int without(int permissions) {
    int left = permissions & ~Attributes.SETUID;
    return (left & Attributes.GROUP_EXECUTE) != 0 ? left & ~Attributes.SETGID : left;
  }

  /** After a change of content, under the inode's exclusive lock; free where there are none. */
  void drop(LiveInode inode, PrivilegeLoss loss) throws FsException {
    InodeRecord record = inode.record();
    int permissions =
        loss == PrivilegeLoss.ALL ? without(record.permissions()) : record.permissions();
    boolean capable =
        loss != PrivilegeLoss.NONE
            && record.has(InodeRecord.MAY_HAVE_XATTRS)
            && XattrRows.exists(volume.view(), inode.value(), XattrName.CAPABILITY);
    if (!capable && permissions == record.permissions()) {
      return;
    }
    try (PosixTransaction tx = volume.begin(Purpose.RELEASE)) {
      InodeRecord after = record.withOwner(permissions, record.uid(), record.gid());
      XattrRows.remove(tx, inode.value(), XattrName.CAPABILITY);
      tx.putInode(inode, after);
      tx.commit();
      inode.committed(after);
    }
  }
}
