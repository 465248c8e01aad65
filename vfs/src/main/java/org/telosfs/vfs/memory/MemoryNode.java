package org.telosfs.vfs.memory;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.AccessTimes;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.PrivilegeLoss;
import org.telosfs.vfs.Timestamp;
import org.telosfs.vfs.XattrMode;
import org.telosfs.vfs.XattrName;
import org.telosfs.vfs.acl.AclKind;
import org.telosfs.vfs.acl.ModeAndAcl;
import org.telosfs.vfs.acl.PosixAcl;

/**
 * One inode: a view of its record, which lies outside the heap. Views come and go; two of the same
 * inode are {@linkplain #is the same}, and equal in nothing else. Everything in the record is
 * guarded by {@link #lock}, which other inodes share, but the lookup count and what tells whose
 * record it is.
 */
final class MemoryNode extends NodeRecord {
  /** An inode number belongs to one life of a record, so there is but one generation. */
  private static final long GENERATION = 1;

  final StampedLock lock;

  private final NodeTable nodes;

  /** The node in a record that is in use. */
  MemoryNode(NodeTable nodes, int record) {
    super(nodes.records(), record);
    this.nodes = nodes;
    this.lock = nodes.lockOf(record);
  }

  private MemoryNode(NodeTable nodes, InodeNumber number, FileType type) {
    super(nodes.records(), number, type);
    this.nodes = nodes;
    this.lock = nodes.lockOf(record);
  }

  /** Null if nobody uses the record, or not any more as this inode. */
  static @Nullable MemoryNode of(NodeTable nodes, InodeNumber number) {
    return isUsed(nodes.records(), number)
        ? new MemoryNode(nodes, number, typeIn(nodes.records(), recordOf(number)))
        : null;
  }

  /**
   * A node without names, looked up as often as said, in a record that has just been taken.
   *
   * @param body the {@link DirectoryContent}, the bytes of a symlink, or null
   * @throws FsException ENOSPC if there is no room for the body; the record is as it was
   */
  static MemoryNode make(
      NodeTable nodes,
      int record,
      FileType type,
      int permissions,
      int uid,
      int gid,
      int device,
      @Nullable Object body,
      long lookups,
      Timestamp now)
      throws FsException {
    int object = body == null ? 0 : nodes.objects().add(body);
    MemoryNode made = new MemoryNode(nodes, numberIn(nodes.records(), record), type);
    made.begin(permissions, uid, gid, device, object, lookups, now);
    return made;
  }

  /** Whether both are views of the same inode. */
  boolean is(@Nullable MemoryNode other) {
    return other != null && other.number.equals(number);
  }

  /** Whether {@code a} and {@code b} are both nothing, or the same. */
  static boolean same(@Nullable MemoryNode a, @Nullable MemoryNode b) {
    return a == null ? b == null : a.is(b);
  }

  boolean isDirectory() {
    return type == FileType.DIRECTORY;
  }

  /** The names of a directory. */
  DirectoryContent names() throws FsException {
    if (isDirectory()) {
      if (nodes.objects().get(body()) instanceof DirectoryContent names) {
        return names;
      }
      throw new FsException(Errno.ESTALE);
    }
    throw new FsException(Errno.ENOTDIR);
  }

  /** The content of a regular file, of which every change is written here. */
  FileContent content() throws FsException {
    if (type == FileType.REGULAR) {
      return new FileContent(nodes.space(), this);
    }
    throw new FsException(isDirectory() ? Errno.EISDIR : Errno.EINVAL);
  }

  /** The target of a symbolic link. */
  byte[] target() throws FsException {
    if (type != FileType.SYMLINK) {
      throw new FsException(Errno.EINVAL);
    }
    if (nodes.objects().get(body()) instanceof byte[] target) {
      return target.clone();
    }
    throw new FsException(Errno.ESTALE);
  }

  /** Frees what it holds and ends this life of the record, which may go to another then. */
  void end() {
    if (type == FileType.REGULAR) {
      new FileContent(nodes.space(), this).free();
    } else if (isDirectory() || type == FileType.SYMLINK) {
      nodes.objects().remove(body());
    }
    nodes.objects().remove(xattrsNumber());
    endLife();
  }

  /** Every operation that holds the lock asks first. */
  void requireAlive() throws FsException {
    if (!isAlive()) {
      throw new FsException(Errno.ESTALE);
    }
  }

  /** As {@link #requireAlive}, and a directory that new names go to must not be removed. */
  void requireNotRemoved() throws FsException {
    requireAlive();
    if (links() == 0) {
      throw new FsException(Errno.ENOENT);
    }
  }

  /** As {@link #requireAlive}, and it must have a name or be one that may get its first. */
  void requireLinkable() throws FsException {
    requireAlive();
    if (links() == 0 && !mayGetFirstName()) {
      throw new FsException(Errno.ENOENT);
    }
  }

  /** The current attributes of a node that somebody keeps alive. */
  Entry entry() {
    long stamp = lock.readLock();
    try {
      return refreshed();
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** As {@link #entry} for a caller that holds the lock, of either kind. */
  Entry refreshed() {
    return new Entry(attributes(), GENERATION);
  }

  /** The current attributes; the caller holds the lock, of either kind. */
  Attributes attributes() {
    long sizeBytes = 0;
    long blocks512 = 0;
    int device = 0;
    switch (type) {
      case REGULAR -> {
        sizeBytes = sizeBytes();
        blocks512 = (long) dataBlocks() * FileContent.SECTORS_PER_BLOCK;
      }
      case SYMLINK ->
          sizeBytes = nodes.objects().get(body()) instanceof byte[] target ? target.length : 0;
      case CHARACTER_DEVICE, BLOCK_DEVICE -> device = device();
      case DIRECTORY, FIFO, SOCKET -> {}
    }
    return new Attributes(
        number,
        type,
        permissions(),
        links(),
        uid(),
        gid(),
        device,
        sizeBytes,
        blocks512,
        accessed(),
        modified(),
        changed(),
        born());
  }

  int gidFor(int callersGid) {
    return inheritsGroup() ? gid() : callersGid;
  }

  /** True for a directory whose group new files take. */
  boolean inheritsGroup() {
    return (permissions() & Attributes.SETGID) != 0;
  }

  /** Data, names or target have been read; the caller holds no lock. */
  void read(AccessTimes mode, InstantSource clock) {
    if (mode == AccessTimes.NONE) {
      return;
    }
    Timestamp now = Timestamp.of(clock.instant());
    long stamp = lock.readLock();
    try {
      if (!isAlive() || !mode.moves(accessed(), modified(), changed(), now)) {
        return;
      }
    } finally {
      lock.unlockRead(stamp);
    }
    stamp = lock.writeLock();
    try {
      if (isAlive()) {
        setAccessed(now);
      }
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Data or names have changed. */
  void touch(Timestamp now) {
    setModified(now);
    setChanged(now);
  }

  /** Attributes or the link count have changed. */
  void touchStatus(Timestamp now) {
    setChanged(now);
  }

  void addLinks(int more, Timestamp now) {
    setLinks(links() + more);
    touchStatus(now);
  }

  void lose(PrivilegeLoss loss) {
    if (loss != PrivilegeLoss.NONE) {
      removeIfThere(XattrName.CAPABILITY);
    }
    if (loss == PrivilegeLoss.ALL) {
      clearSetIds();
    }
  }

  private void clearSetIds() {
    boolean groupExecutes = (permissions() & Attributes.GROUP_EXECUTE) != 0;
    int lost = Attributes.SETUID | (groupExecutes ? Attributes.SETGID : 0);
    setPermissions(permissions() & ~lost);
  }

  void apply(AttributeChange change, Timestamp now) throws FsException {
    Long newSizeBytes = change.sizeBytes();
    if (newSizeBytes != null) {
      content().resize(newSizeBytes);
      lose(PrivilegeLoss.CAPABILITY);
      touch(now);
    }
    boolean givenAway = change.uid() != null || change.gid() != null;
    if (change.clearPrivileges() || (givenAway && type == FileType.REGULAR)) {
      clearSetIds();
    }
    if (givenAway && !isDirectory()) {
      lose(PrivilegeLoss.CAPABILITY);
    }
    if (change.permissions() != null) {
      setPermissions(change.permissions());
      PosixAcl access = acl(AclKind.ACCESS);
      if (access != null) {
        putAcl(AclKind.ACCESS, access.afterChmod(permissions()));
      }
    }
    if (change.uid() != null) {
      setUid(change.uid());
    }
    if (change.gid() != null) {
      setGid(change.gid());
    }
    setAccessed(change.accessed().applyTo(accessed(), now));
    setModified(change.modified().applyTo(modified(), now));
    touchStatus(now);
  }

  byte[] xattr(XattrName name) throws FsException {
    NodeXattrs xattrs = xattrs();
    if (xattrs == null) {
      throw new FsException(Errno.ENODATA);
    }
    return xattrs.get(name);
  }

  void setXattr(XattrName name, byte[] value, XattrMode mode, Timestamp now) throws FsException {
    if (mode == XattrMode.REPLACE && xattrs() == null) {
      throw new FsException(Errno.ENODATA);
    }
    madeXattrs().set(name, value, mode);
    touchStatus(now);
  }

  void removeXattr(XattrName name, Timestamp now) throws FsException {
    if (!removeIfThere(name)) {
      if (AclKind.of(name) != null) {
        return;
      }
      throw new FsException(Errno.ENODATA);
    }
    touchStatus(now);
  }

  List<XattrName> xattrNames() {
    NodeXattrs xattrs = xattrs();
    return xattrs == null ? List.of() : xattrs.names();
  }

  void setAcl(AclKind kind, PosixAcl acl, boolean clearSetgid, Timestamp now) throws FsException {
    if (acl.isEmpty()) {
      removeXattr(kind.attribute(), now);
      return;
    }
    if (kind == AclKind.DEFAULT) {
      putAcl(kind, acl);
    } else {
      ModeAndAcl both = acl.setOn(permissions(), clearSetgid);
      putAcl(kind, both.access());
      setPermissions(both.permissions());
    }
    touchStatus(now);
  }

  /** The permissions of what is about to be made here; the umask counts unless a list says more. */
  ModeAndAcl inheritance(FileType made, int asked, int umask) throws FsException {
    PosixAcl inherited = made == FileType.SYMLINK ? null : acl(AclKind.DEFAULT);
    return inherited == null
        ? new ModeAndAcl(made == FileType.SYMLINK ? asked : asked & ~umask, null)
        : inherited.inheritedBy(asked);
  }

  /** What a new node takes from the directory besides permissions. */
  void inherit(ModeAndAcl inheritance, MemoryNode directory) throws FsException {
    putAcl(AclKind.ACCESS, inheritance.access());
    if (isDirectory()) {
      putAcl(AclKind.DEFAULT, directory.acl(AclKind.DEFAULT));
    }
  }

  private @Nullable PosixAcl acl(AclKind kind) throws FsException {
    NodeXattrs xattrs = xattrs();
    return xattrs == null ? null : xattrs.acl(kind);
  }

  /** Null removes it. */
  private void putAcl(AclKind kind, @Nullable PosixAcl acl) throws FsException {
    if (acl == null) {
      removeIfThere(kind.attribute());
    } else {
      madeXattrs().setAcl(kind, acl);
    }
  }

  private boolean removeIfThere(XattrName name) {
    NodeXattrs xattrs = xattrs();
    return xattrs != null && xattrs.remove(name);
  }

  private @Nullable NodeXattrs xattrs() {
    return (NodeXattrs) nodes.objects().get(xattrsNumber());
  }

  private NodeXattrs madeXattrs() throws FsException {
    NodeXattrs present = xattrs();
    if (present != null) {
      return present;
    }
    NodeXattrs made = new NodeXattrs(nodes.space());
    setXattrsNumber(nodes.objects().add(made));
    return made;
  }
}
