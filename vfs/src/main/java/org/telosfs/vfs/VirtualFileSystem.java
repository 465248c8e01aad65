package org.telosfs.vfs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A tree of inodes: what the kernel asks of a filesystem, one method an operation.
 *
 * <p>Every method may be called from many threads at once; each operation is atomic towards the
 * others. What an operation changed is visible to every later call and durable after the next
 * {@link #fsync} of anything that covers it (an implementation without storage says so).
 *
 * <p><b>Lookup counts.</b> Each {@link Entry} that a method returns, and each that a {@link
 * LookupSink} takes, counts as one lookup of its inode. An inode stays valid, even with no name
 * left, until {@link #forget} has returned all of them: that is how a file lives on while it is
 * open but unlinked. {@link InodeNumber#ROOT} is always valid and never forgotten.
 *
 * <p><b>Common refusals</b>, not repeated below: ESTALE for an inode that is no longer valid; EIO
 * when storage fails; ENOTDIR where a directory is needed and the inode is none; for every changing
 * operation EROFS when the tree is read-only (by nature, by mount, or since a failed flush) and
 * ENOSPC when there is no room, in which case nothing has changed. Permission bits, sticky
 * directories on unlink and rename, and {@code nodev}, {@code noexec} and the like have been
 * checked by the kernel ({@code default_permissions}).
 *
 * <p><b>Times.</b> A change to an inode's data or to a directory's names moves mtime and ctime of
 * that inode; a change of attributes or link count moves ctime. {@link #allocate} in every mode is
 * a change of data; a write or copy of no bytes is none. Reading moves atime alone, as {@link
 * AccessTimes} has it, and never fails because of that. See POSIX.1-2017, section 4.9.
 */
public interface VirtualFileSystem extends Closeable {

  /** Asked once, at mount. */
  FileSystemTraits traits();

  /** From now on {@code cache} keeps what this tree tells; it is told of outside changes. */
  void cachedBy(CacheInvalidator cache);

  /** {@code cache} is gone. */
  void noLongerCachedBy(CacheInvalidator cache);

  // ---- names

  /**
   * Resolves one name; {@code ..} and {@code .} too. {@code .} leads from every inode that has a
   * name to itself, whether a lookup of it is owed or not, so that a file handle finds its file
   * again; without a name it is refused with ESTALE.
   *
   * @throws FsException ENOENT
   */
  Entry lookup(Caller caller, InodeNumber directory, FileName name) throws FsException;

  /** Gives back {@code lookups} of the inode; at zero an inode without names is freed. */
  void forget(InodeNumber inode, long lookups);

  /**
   * Makes a file that is neither directory nor symlink. Mode and owner follow POSIX: the caller's
   * uid; the caller's gid, or the directory's where that has setgid. A directory's default access
   * control list takes the place of the umask, and gives the file its access list.
   *
   * @param permissions 12 bits before the caller's umask
   * @param device as in {@link Attributes#device}; 0 but for devices
   * @throws FsException EEXIST, ENOENT if the directory has been removed, EINVAL for a directory or
   *     symlink
   */
  Entry mknod(
      Caller caller,
      InodeNumber directory,
      FileName name,
      FileType type,
      int permissions,
      int device)
      throws FsException;

  /**
   * Makes a directory; it inherits setgid with the group, and a default access control list.
   *
   * @throws FsException EEXIST, EMLINK, ENOENT if the directory has been removed
   */
  Entry mkdir(Caller caller, InodeNumber directory, FileName name, int permissions)
      throws FsException;

  /**
   * Makes a symbolic link.
   *
   * @param target 1..4095 bytes, kept as they are
   * @throws FsException EEXIST, ENAMETOOLONG, ENOENT if the target is empty or the directory has
   *     been removed
   */
  Entry symlink(Caller caller, InodeNumber directory, FileName name, byte[] target)
      throws FsException;

  /**
   * The target of a symbolic link.
   *
   * @throws FsException EINVAL if it is none
   */
  byte[] readlink(Caller caller, InodeNumber inode) throws FsException;

  /**
   * Gives an inode one more name.
   *
   * @throws FsException EEXIST, EMLINK at the link limit, EPERM for a directory, ENOENT if the
   *     directory has been removed or the inode has no name left; one that never had a name and was
   *     made by {@link #tmpfile} without O_EXCL gets its first
   */
  Entry link(Caller caller, InodeNumber inode, InodeNumber directory, FileName name)
      throws FsException;

  /**
   * Removes a name of what is no directory.
   *
   * @throws FsException ENOENT, EISDIR
   */
  void unlink(Caller caller, InodeNumber directory, FileName name) throws FsException;

  /**
   * Removes an empty directory.
   *
   * @throws FsException ENOENT, ENOTDIR, ENOTEMPTY, EINVAL for {@code .}, ENOTEMPTY for {@code ..}
   */
  void rmdir(Caller caller, InodeNumber directory, FileName name) throws FsException;

  /**
   * Moves a name, atomically. If both names lead to the same inode nothing happens. A whiteout that
   * is left behind is a character device 0 of no permissions, made for the caller.
   *
   * @throws FsException ENOENT if the old name (with EXCHANGE either name) does not exist or the
   *     new directory has been removed; EEXIST if a new name must not be replaced; EISDIR, ENOTDIR,
   *     ENOTEMPTY where the target cannot be replaced; EINVAL where a directory would come to lie
   *     below itself; EMLINK
   */
  void rename(
      Caller caller,
      InodeNumber oldDirectory,
      FileName oldName,
      InodeNumber newDirectory,
      FileName newName,
      RenameMode mode)
      throws FsException;

  // ---- attributes

  /** What stat(2) tells. */
  Attributes getattr(Caller caller, InodeNumber inode) throws FsException;

  /**
   * Applies a change in one step and moves ctime. A new owner of a regular file clears its setuid
   * and (where the group may execute) setgid. New permissions also go into an access control list.
   * A new size, or a new owner of what is no directory, removes {@link XattrName#CAPABILITY}.
   *
   * @return the attributes after it
   * @throws FsException EISDIR or EINVAL when truncating what is no regular file; EFBIG
   */
  Attributes setattr(Caller caller, InodeNumber inode, AttributeChange change) throws FsException;

  // ---- content

  /**
   * Opens a file. Never called where {@link FileSystemTraits#statelessOpen}. Truncation arrives as
   * {@link #setattr} of its own.
   *
   * @throws FsException EISDIR when writing to a directory
   */
  Opened open(Caller caller, InodeNumber inode, OpenFlags flags) throws FsException;

  /**
   * Makes and opens a regular file; as {@link #mknod}, then {@link #open}. Where {@link
   * FileSystemTraits#statelessOpen} a transport may call it only until the kernel has learnt that.
   *
   * @throws FsException EEXIST, ENOENT if the directory has been removed
   */
  Created create(
      Caller caller, InodeNumber directory, FileName name, int permissions, OpenFlags flags)
      throws FsException;

  /**
   * Makes and opens a regular file without a name, as open(2) with O_TMPFILE; {@link #link} gives
   * it one, unless the flags say O_EXCL. Owner and mode are as of {@link #mknod}. Called whether
   * opens keep state or not.
   *
   * @throws FsException ENOENT if the directory has been removed
   */
  Created tmpfile(Caller caller, InodeNumber directory, int permissions, OpenFlags flags)
      throws FsException;

  /** The last use of a handle is over. */
  void release(InodeNumber inode, FileHandle handle);

  /**
   * Reads into {@code into} from its position on, moving it, until it is full or the file ends;
   * holes read as zeros.
   *
   * @param offsetBytes 0 or more
   * @return bytes read, 0 at or beyond the end
   * @throws FsException EISDIR, EINVAL for what has no content
   */
  int read(Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, ByteBuffer into)
      throws FsException;

  /** As {@link #read}, through a descriptor with O_NOATIME: the access time stays as it is. */
  default int readUnnoticed(
      Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, ByteBuffer into)
      throws FsException {
    return read(caller, inode, handle, offsetBytes, into);
  }

  /**
   * Writes {@code data}, moving its position; grows the file as needed.
   *
   * @param loss what the file loses by it, if anything is written
   * @return bytes written: all of them, or fewer where a tree has room for some; always all with
   *     {@link PrivilegeLoss#NONE}, since the kernel has accepted those already
   * @throws FsException EFBIG beyond the largest size; EISDIR, EINVAL for what has no content
   */
  int write(
      Caller caller,
      InodeNumber inode,
      FileHandle handle,
      long offsetBytes,
      ByteBuffer data,
      PrivilegeLoss loss)
      throws FsException;

  /**
   * Makes the inode, and every operation on the tree before it, durable.
   *
   * @param dataOnly fdatasync: what is not needed to read the data back may stay behind
   */
  void fsync(Caller caller, InodeNumber inode, FileHandle handle, boolean dataOnly)
      throws FsException;

  /** Makes everything durable, as syncfs(2). */
  void syncAll() throws FsException;

  /**
   * Reserves, frees or zeroes a range; the file loses what {@link PrivilegeLoss#by} says.
   *
   * @param lengthBytes 1 or more
   * @throws FsException EFBIG; EOPNOTSUPP for a mode the tree does not serve; EISDIR, ENODEV for
   *     what is no regular file
   */
  void allocate(
      Caller caller,
      InodeNumber inode,
      FileHandle handle,
      AllocateMode mode,
      long offsetBytes,
      long lengthBytes)
      throws FsException;

  /**
   * The first offset of data or of a hole, at or after {@code offsetBytes}. A block of 4 KiB is
   * data if any of it was written, copied to (but see {@link #copyRange}) or allocated since it was
   * last punched as a whole or cut off by a truncation, else a hole; the end of the file is a hole.
   *
   * @throws FsException ENXIO if the offset is at or beyond the end, or no data follows
   */
  long seek(
      Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, SeekTarget target)
      throws FsException;

  /**
   * Copies a range as copy_file_range(2), sharing storage where the tree can. What was copied is
   * data, but for blocks of 4 KiB that are holes in the source, lie on the same boundaries in the
   * target, and are covered as a whole or up to the end that the target then has: those become
   * holes. If anything was copied the target loses what {@link PrivilegeLoss#by} says.
   *
   * @return bytes copied; fewer than asked at the end of the source
   * @throws FsException EFBIG; EINVAL if the ranges overlap in one file; EISDIR
   */
  long copyRange(
      Caller caller,
      InodeNumber from,
      FileHandle fromHandle,
      long fromOffsetBytes,
      InodeNumber to,
      FileHandle toHandle,
      long toOffsetBytes,
      long lengthBytes)
      throws FsException;

  // ---- directories

  /** Opens a directory. Never called where {@link FileSystemTraits#statelessOpen}. */
  Opened opendir(Caller caller, InodeNumber directory) throws FsException;

  /** The last use of a directory's handle is over. */
  void releasedir(InodeNumber directory, FileHandle handle);

  /**
   * Lists from where {@code cookie} says, {@code .} and {@code ..} first, until the sink is full or
   * the end. An entry that exists during the whole listing appears exactly once, whatever else is
   * made or removed meanwhile.
   *
   * @param cookie 0 for the start, else the {@link DirectoryEntry#nextCookie} of the last entry had
   */
  void readdir(
      Caller caller, InodeNumber directory, FileHandle handle, long cookie, DirectorySink sink)
      throws FsException;

  /** As {@link #readdir}, and looks each entry up. */
  void readdirplus(
      Caller caller, InodeNumber directory, FileHandle handle, long cookie, LookupSink sink)
      throws FsException;

  // ---- extended attributes

  /**
   * Sets an extended attribute; moves ctime. Attributes of {@link XattrNamespace} are bytes. Those
   * of {@link org.telosfs.vfs.acl.AclKind} are valid access control lists, for which {@code mode}
   * does not count: an access list also sets the permission bits, and is kept only if these cannot
   * say the same; one without entries removes what is there.
   *
   * @param clearSetgid with an access list, clear setgid (FUSE_SETXATTR_ACL_KILL_SGID)
   * @throws FsException EEXIST with CREATE, ENODATA with REPLACE, E2BIG above {@link
   *     XattrName#MAX_VALUE_BYTES}, ENOSPC also if the names of all attributes would exceed {@link
   *     XattrName#MAX_LIST_BYTES}; EOPNOTSUPP for a namespace the tree does not keep, and for a
   *     list on a symbolic link; EPERM for {@code user.} on what is neither regular file nor
   *     directory; EACCES for a default list on what is no directory; EINVAL for a name that is a
   *     prefix alone, or a list that is not valid
   */
  void setxattr(
      Caller caller,
      InodeNumber inode,
      XattrName name,
      byte[] value,
      XattrMode mode,
      boolean clearSetgid)
      throws FsException;

  /**
   * The value of an extended attribute.
   *
   * @throws FsException ENODATA, EOPNOTSUPP, EINVAL
   */
  byte[] getxattr(Caller caller, InodeNumber inode, XattrName name) throws FsException;

  /** The names of all extended attributes; without {@code trusted.} unless the caller is root. */
  List<XattrName> listxattr(Caller caller, InodeNumber inode) throws FsException;

  /**
   * Removes an extended attribute; moves ctime. Without its access list an inode keeps its
   * permission bits; a list that is not there may be removed, which changes nothing.
   *
   * @throws FsException ENODATA, EOPNOTSUPP, EINVAL
   */
  void removexattr(Caller caller, InodeNumber inode, XattrName name) throws FsException;

  // ---- the whole

  /** Space and inodes of the whole tree. */
  default StatFs statfs(Caller caller) throws FsException {
    return statfs(caller, InodeNumber.ROOT);
  }

  /** Space and inodes, as whoever works in this place has them: a quota may leave less. */
  StatFs statfs(Caller caller, InodeNumber inode) throws FsException;

  /**
   * Makes everything durable and ends. No operation may run or follow.
   *
   * @throws IOException if something could not be made durable; the tree is closed all the same
   */
  @Override
  void close() throws IOException;
}
