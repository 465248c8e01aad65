package org.telosfs.vfs.memory;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
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
 * One inode. Everything mutable is guarded by {@link #lock} but the lookup count, the parent (which
 * the rename lock keeps still) and the cached entry, which is made under the lock and read without.
 */
final class MemoryNode {
  private static final AtomicLongFieldUpdater<MemoryNode> LOOKUPS =
      AtomicLongFieldUpdater.newUpdater(MemoryNode.class, "lookups");

  /** Inode numbers are never used twice, so there is but one generation. */
  private static final long GENERATION = 1;

  final InodeNumber number;
  final FileType type;
  final StampedLock lock = new StampedLock();

  /** The directory above; the root's is itself. Null for what is no directory. */
  volatile @Nullable MemoryNode parent;

  int links;
  boolean freed;

  /** True while it never had a name and may get one. */
  boolean mayGetFirstName;

  private volatile long lookups;
  private final RecentEntries recent;
  private final int device;
  private final @Nullable Object body;
  private final NodeXattrs xattrs = new NodeXattrs();
  private volatile @Nullable Entry cached;
  private int permissions;
  private int uid;
  private int gid;
  private Timestamp accessed;
  private Timestamp modified;
  private Timestamp changed;
  private final Timestamp born;

  /**
   * A node without names.
   *
   * @param recent who drops the cached entry when others are wanted more
   * @param body {@link FileContent}, {@link DirectoryContent}, the bytes of a symlink, or nothing,
   *     as the type has it
   */
  MemoryNode(
      RecentEntries recent,
      InodeNumber number,
      FileType type,
      int permissions,
      int uid,
      int gid,
      int device,
      @Nullable Object body,
      Timestamp now) {
    this.recent = recent;
    this.number = number;
    this.type = type;
    this.permissions = permissions;
    this.uid = uid;
    this.gid = gid;
    this.device = device;
    this.body = body;
    this.accessed = now;
    this.modified = now;
    this.changed = now;
    this.born = now;
  }

  /** How often it was looked up and not yet forgotten. */
  long lookups() {
    return lookups;
  }

  /** More lookups, or fewer; how many there are then. */
  long addLookups(long more) {
    return LOOKUPS.addAndGet(this, more);
  }

  boolean isDirectory() {
    return type == FileType.DIRECTORY;
  }

  /** The names of a directory. */
  DirectoryContent names() throws FsException {
    if (body instanceof DirectoryContent names) {
      return names;
    }
    throw new FsException(Errno.ENOTDIR);
  }

  /** The content of a regular file. */
  FileContent content() throws FsException {
    if (body instanceof FileContent content) {
      return content;
    }
    throw new FsException(isDirectory() ? Errno.EISDIR : Errno.EINVAL);
  }

  /** Gives back the space of the content, if there is any. */
  void freeContent() {
    if (body instanceof FileContent content) {
      content.free();
    }
  }

  /** The target of a symbolic link. */
  byte[] target() throws FsException {
    if (body instanceof byte[] target) {
      return target.clone();
    }
    throw new FsException(Errno.EINVAL);
  }

  /** Every operation that holds the lock asks first. */
  void requireAlive() throws FsException {
    if (freed) {
      throw new FsException(Errno.ESTALE);
    }
  }

  /** As {@link #requireAlive}, and a directory that new names go to must not be removed. */
  void requireNotRemoved() throws FsException {
    requireAlive();
    if (links == 0) {
      throw new FsException(Errno.ENOENT);
    }
  }

  /** As {@link #requireAlive}, and it must have a name or be one that may get its first. */
  void requireLinkable() throws FsException {
    requireAlive();
    if (links == 0 && !mayGetFirstName) {
      throw new FsException(Errno.ENOENT);
    }
  }

  /** The current attributes; takes the read lock if they have changed since the last time. */
  Entry entry() {
    Entry present = cached;
    if (present != null) {
      return present;
    }
    long stamp = lock.readLock();
    try {
      return refreshed();
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** As {@link #entry} for a caller that holds the lock, of either kind. */
  Entry refreshed() {
    Entry present = cached;
    if (present == null) {
      present = new Entry(attributes(), GENERATION);
      cached = present;
      recent.add(this);
    }
    return present;
  }

  /** The entry is made anew when it is next asked for. */
  void dropCachedEntry() {
    cached = null;
  }

  private Attributes attributes() {
    long sizeBytes = 0;
    long blocks512 = 0;
    if (body instanceof FileContent content) {
      sizeBytes = content.sizeBytes();
      blocks512 = content.blocks512();
    } else if (body instanceof byte[] target) {
      sizeBytes = target.length;
    }
    return new Attributes(
        number,
        type,
        permissions,
        links,
        uid,
        gid,
        device,
        sizeBytes,
        blocks512,
        accessed,
        modified,
        changed,
        born);
  }

  int gidFor(int callersGid) {
    return inheritsGroup() ? gid : callersGid;
  }

  /** True for a directory whose group new files take. */
  boolean inheritsGroup() {
    return (permissions & Attributes.SETGID) != 0;
  }

  /** Data, names or target have been read; the caller holds no lock. */
  void read(AccessTimes mode, InstantSource clock) {
    if (mode == AccessTimes.NONE) {
      return;
    }
    Timestamp now = Timestamp.of(clock.instant());
    Attributes before = entry().attributes();
    if (mode.moves(before.accessed(), before.modified(), before.changed(), now)) {
      long stamp = lock.writeLock();
      try {
        accessed = now;
        cached = null;
      } finally {
        lock.unlockWrite(stamp);
      }
    }
  }

  /** Data or names have changed. */
  void touch(Timestamp now) {
    modified = now;
    changed = now;
    cached = null;
  }

  /** Attributes or the link count have changed. */
  void touchStatus(Timestamp now) {
    changed = now;
    cached = null;
  }

  void addLinks(int more, Timestamp now) {
    links += more;
    touchStatus(now);
  }

  void lose(PrivilegeLoss loss) {
    if (loss != PrivilegeLoss.NONE) {
      xattrs.remove(XattrName.CAPABILITY);
    }
    if (loss == PrivilegeLoss.ALL) {
      clearSetIds();
    }
  }

  private void clearSetIds() {
    permissions &= ~Attributes.SETUID;
    if ((permissions & Attributes.GROUP_EXECUTE) != 0) {
      permissions &= ~Attributes.SETGID;
    }
    cached = null;
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
      permissions = change.permissions();
      PosixAcl access = xattrs.acl(AclKind.ACCESS);
      if (access != null) {
        xattrs.setAcl(AclKind.ACCESS, access.afterChmod(permissions));
      }
    }
    if (change.uid() != null) {
      uid = change.uid();
    }
    if (change.gid() != null) {
      gid = change.gid();
    }
    accessed = change.accessed().applyTo(accessed, now);
    modified = change.modified().applyTo(modified, now);
    touchStatus(now);
  }

  byte[] xattr(XattrName name) throws FsException {
    return xattrs.get(name);
  }

  void setXattr(XattrName name, byte[] value, XattrMode mode, Timestamp now) throws FsException {
    xattrs.set(name, value, mode);
    touchStatus(now);
  }

  void removeXattr(XattrName name, Timestamp now) throws FsException {
    if (!xattrs.remove(name)) {
      if (AclKind.of(name) != null) {
        return;
      }
      throw new FsException(Errno.ENODATA);
    }
    touchStatus(now);
  }

  List<XattrName> xattrNames() {
    return xattrs.names();
  }

  void setAcl(AclKind kind, PosixAcl acl, boolean clearSetgid, Timestamp now) throws FsException {
    if (acl.isEmpty()) {
      removeXattr(kind.attribute(), now);
      return;
    }
    if (kind == AclKind.DEFAULT) {
      xattrs.setAcl(kind, acl);
    } else {
      ModeAndAcl both = acl.setOn(permissions, clearSetgid);
      xattrs.setAcl(kind, both.access());
      permissions = both.permissions();
    }
    touchStatus(now);
  }

  /** The permissions of what is about to be made here; the umask counts unless a list says more. */
  ModeAndAcl inheritance(FileType made, int asked, int umask) throws FsException {
    PosixAcl inherited = made == FileType.SYMLINK ? null : xattrs.acl(AclKind.DEFAULT);
    return inherited == null
        ? new ModeAndAcl(made == FileType.SYMLINK ? asked : asked & ~umask, null)
        : inherited.inheritedBy(asked);
  }

  /** What a new node takes from the directory besides permissions. */
  void inherit(ModeAndAcl inheritance, MemoryNode directory) throws FsException {
    xattrs.setAcl(AclKind.ACCESS, inheritance.access());
    if (isDirectory()) {
      xattrs.setAcl(AclKind.DEFAULT, directory.xattrs.acl(AclKind.DEFAULT));
    }
  }
}
