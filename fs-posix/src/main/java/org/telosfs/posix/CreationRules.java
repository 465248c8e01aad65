package org.telosfs.posix;

import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.Timestamp;

/** Owner and mode of new inodes. */
final class CreationRules {
  private CreationRules() {}

  /**
   * A new inode with one name in {@code directory}; a directory has two links from the start. Its
   * permissions are those given, and setgid that a directory inherits with the group.
   */
  static InodeRecord newInode(
      Caller caller,
      InodeRecord directory,
      long directoryNumber,
      FileType type,
      InheritedAcls inherited,
      int device,
      long sizeBytes,
      Timestamp now) {
    boolean isDirectory = type == FileType.DIRECTORY;
    boolean inheritsGroup = (directory.permissions() & Attributes.SETGID) != 0;
    int gid = inheritsGroup ? directory.gid() : caller.gid();
    int mode = inherited.permissions() & Attributes.PERMISSION_MASK;
    if (inheritsGroup && isDirectory) {
      mode |= Attributes.SETGID;
    }
    return new InodeRecord(
        type,
        type == FileType.SYMLINK ? 0777 : mode,
        isDirectory ? 2 : 1,
        caller.uid(),
        gid,
        type == FileType.CHARACTER_DEVICE || type == FileType.BLOCK_DEVICE ? device : 0,
        sizeBytes,
        0,
        now,
        now,
        now,
        now,
        isDirectory ? directoryNumber : 0,
        0,
        isDirectory ? InodeRecord.FIRST_COOKIE : 0,
        inherited.flags(),
        directory.project());
  }
}
