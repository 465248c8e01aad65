package org.telosfs.posix;

import org.jspecify.annotations.Nullable;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.acl.AclKind;
import org.telosfs.vfs.acl.ModeAndAcl;
import org.telosfs.vfs.acl.PosixAcl;

/**
 * Permissions and access control lists of a new inode.
 *
 * @param permissions what was asked for, less the umask or as the directory's default list has it
 * @param access null for none
 * @param byDefault null for none
 */
record InheritedAcls(int permissions, @Nullable PosixAcl access, @Nullable PosixAcl byDefault) {

  /** What a new inode of this type gets in the directory, whose lock is held. */
  static InheritedAcls in(
      LiveInode directory, PosixMap map, FileType type, int permissions, int umask)
      throws FsException {
    if (type == FileType.SYMLINK) {
      return new InheritedAcls(permissions, null, null);
    }
    PosixAcl inherited =
        directory.record().has(InodeRecord.MAY_HAVE_XATTRS)
            ? XattrRows.acl(map, directory.value(), AclKind.DEFAULT)
            : null;
    if (inherited == null) {
      return new InheritedAcls(permissions & ~umask, null, null);
    }
    ModeAndAcl made = inherited.inheritedBy(permissions);
    return new InheritedAcls(
        made.permissions(), made.access(), type == FileType.DIRECTORY ? inherited : null);
  }

  /** Flags of the inode's record. */
  int flags() {
    return access == null && byDefault == null ? 0 : InodeRecord.MAY_HAVE_XATTRS;
  }

  /** Puts the lists of the new inode. */
  void put(PosixTransaction tx, long inode) throws FsException {
    if (access != null) {
      XattrRows.putAcl(tx, inode, AclKind.ACCESS, access);
    }
    if (byDefault != null) {
      XattrRows.putAcl(tx, inode, AclKind.DEFAULT, byDefault);
    }
  }
}
