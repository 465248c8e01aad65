package org.telosfs.vfs.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
final class MemoryNode {
  private static final int LINKS = 0;

  /** How often the record was given back; kept between two lives. */
  private static final int LIFE = 4;

  /** Type, permissions, flags and the height of the tree of blocks; 0 in a free record. */
  private static final int MODE = 8;

  private static final int UID = 12;
  private static final int GID = 16;

  /** The number of a directory's or a symlink's object, or the root of a file's tree of blocks. */
  private static final int BODY = 20;

  /** The number of the extended attributes' object, or 0. */
  private static final int XATTRS = 24;

  /** How many blocks of a file are data. */
  private static final int BLOCKS = 28;

  /** A file's size, a directory's parent, or the number of a device. */
  private static final int SIZE_PARENT_DEVICE = 32;

  private static final int LOOKUPS = 40;
  private static final int ACCESSED = 48;
  private static final int MODIFIED = 60;
  private static final int CHANGED = 72;
  private static final int BORN = 84;
  static final int RECORD_BYTES = 96;

  private static final int TYPE_SHIFT = 12;
  private static final int TYPE_MASK = 0xF;
  private static final int MAY_GET_FIRST_NAME = 1 << 16;
  private static final int HEIGHT_SHIFT = 24;
  private static final int BELOW_HEIGHT = (1 << HEIGHT_SHIFT) - 1;
  private static final int LIFE_SHIFT = 32;

  private static final VarHandle INTS =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONGS =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /** An inode number belongs to one life of a record, so there is but one generation. */
  private static final long GENERATION = 1;

  final int record;
  final InodeNumber number;
  final FileType type;
  final StampedLock lock;

  private final NodeTable nodes;
  private final ByteBuffer slab;
  private final int at;

  /** The node in a record that is in use. */
  MemoryNode(NodeTable nodes, int record) {
    this(nodes, record, nodes.records().getInt(record, LIFE), typeIn(nodes.records(), record));
  }

  private MemoryNode(NodeTable nodes, int record, int life, FileType type) {
    this.nodes = nodes;
    this.record = record;
    this.number = new InodeNumber(((long) life << LIFE_SHIFT) | record);
    this.type = type;
    this.lock = nodes.lockOf(record);
    this.slab = nodes.records().slabOf(record);
    this.at = nodes.records().offsetOf(record);
  }

  /** Null if nobody uses the record, or not any more as this inode. */
  static @Nullable MemoryNode of(NodeTable nodes, InodeNumber number) {
    int record = (int) number.value();
    RecordPool records = nodes.records();
    if (!records.knows(record)
        || (int) INTS.getAcquire(records.slabOf(record), records.offsetOf(record) + MODE) == 0
        || records.getInt(record, LIFE) != (int) (number.value() >>> LIFE_SHIFT)) {
      return null;
    }
    return new MemoryNode(nodes, record);
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
    MemoryNode made = new MemoryNode(nodes, record, nodes.records().getInt(record, LIFE), type);
    made.putInt(LINKS, 0);
    made.putInt(UID, uid);
    made.putInt(GID, gid);
    made.putInt(BODY, object);
    made.putInt(XATTRS, 0);
    made.putInt(BLOCKS, 0);
    made.putLong(SIZE_PARENT_DEVICE, Integer.toUnsignedLong(device));
    made.putLong(LOOKUPS, lookups);
    made.putTime(ACCESSED, now);
    made.putTime(MODIFIED, now);
    made.putTime(CHANGED, now);
    made.putTime(BORN, now);
    INTS.setRelease(made.slab, made.at + MODE, (type.code() << TYPE_SHIFT) | permissions);
    return made;
  }

  private static FileType typeIn(RecordPool records, int record) {
    try {
      return FileType.ofCode((records.getInt(record, MODE) >>> TYPE_SHIFT) & TYPE_MASK);
    } catch (FsException free) {
      return FileType.REGULAR; // It has just gone, which every operation asks under the lock.
    }
  }

  /** Whether both are views of the same inode. */
  boolean is(@Nullable MemoryNode other) {
    return other != null && other.number.equals(number);
  }

  /** Whether {@code a} and {@code b} are both nothing, or the same. */
  static boolean same(@Nullable MemoryNode a, @Nullable MemoryNode b) {
    return a == null ? b == null : a.is(b);
  }

  private int getInt(int field) {
    return slab.getInt(at + field);
  }

  private void putInt(int field, int value) {
    slab.putInt(at + field, value);
  }

  private long getLong(int field) {
    return slab.getLong(at + field);
  }

  private void putLong(int field, long value) {
    slab.putLong(at + field, value);
  }

  private Timestamp time(int field) {
    return new Timestamp(getLong(field), getInt(field + Long.BYTES));
  }

  private void putTime(int field, Timestamp time) {
    putLong(field, time.seconds());
    putInt(field + Long.BYTES, time.nanos());
  }

  private int permissions() {
    return getInt(MODE) & Attributes.PERMISSION_MASK;
  }

  private void setPermissions(int permissions) {
    putInt(MODE, (getInt(MODE) & ~Attributes.PERMISSION_MASK) | permissions);
  }

  /** How often it was looked up and not yet forgotten. */
  long lookups() {
    return (long) LONGS.getVolatile(slab, at + LOOKUPS);
  }

  /** More lookups, or fewer; how many there are then. */
  long addLookups(long more) {
    return (long) LONGS.getAndAdd(slab, at + LOOKUPS, more) + more;
  }

  boolean isDirectory() {
    return type == FileType.DIRECTORY;
  }

  int links() {
    return getInt(LINKS);
  }

  /** Of a node that is just being made. */
  void setLinks(int links) {
    putInt(LINKS, links);
  }

  /** Whether it never had a name and may get one. */
  boolean mayGetFirstName() {
    return (getInt(MODE) & MAY_GET_FIRST_NAME) != 0;
  }

  void setMayGetFirstName(boolean may) {
    putInt(MODE, (getInt(MODE) & ~MAY_GET_FIRST_NAME) | (may ? MAY_GET_FIRST_NAME : 0));
  }

  /** The directory above a directory, the root's being itself; the rename lock keeps it still. */
  InodeNumber parent() {
    return new InodeNumber(getLong(SIZE_PARENT_DEVICE));
  }

  void setParent(MemoryNode parent) {
    putLong(SIZE_PARENT_DEVICE, parent.number.value());
  }

  /** The names of a directory. */
  DirectoryContent names() throws FsException {
    if (isDirectory()) {
      if (nodes.objects().get(getInt(BODY)) instanceof DirectoryContent names) {
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

  /** The size of a regular file. */
  long sizeBytes() {
    return getLong(SIZE_PARENT_DEVICE);
  }

  void setSizeBytes(long sizeBytes) {
    putLong(SIZE_PARENT_DEVICE, sizeBytes);
  }

  /** How many blocks of a regular file hold data. */
  int dataBlocks() {
    return getInt(BLOCKS);
  }

  /** The blocks of a regular file by their index. */
  IntTree blocks() {
    return new IntTree(nodes.space().treeNodes(), getInt(BODY), getInt(MODE) >>> HEIGHT_SHIFT);
  }

  void setBlocks(IntTree blocks, int dataBlocks) {
    putInt(BODY, blocks.root());
    putInt(MODE, (getInt(MODE) & BELOW_HEIGHT) | (blocks.height() << HEIGHT_SHIFT));
    putInt(BLOCKS, dataBlocks);
  }

  /** The target of a symbolic link. */
  byte[] target() throws FsException {
    if (type != FileType.SYMLINK) {
      throw new FsException(Errno.EINVAL);
    }
    if (nodes.objects().get(getInt(BODY)) instanceof byte[] target) {
      return target.clone();
    }
    throw new FsException(Errno.ESTALE);
  }

  /** Frees what it holds and ends this life of the record, which may go to another then. */
  void end() {
    if (type == FileType.REGULAR) {
      new FileContent(nodes.space(), this).free();
    } else if (isDirectory() || type == FileType.SYMLINK) {
      nodes.objects().remove(getInt(BODY));
    }
    nodes.objects().remove(getInt(XATTRS));
    putInt(MODE, 0);
    putInt(LIFE, getInt(LIFE) + 1);
  }

  /** Whether it has not been freed. */
  boolean isAlive() {
    return getInt(MODE) != 0 && getInt(LIFE) == (int) (number.value() >>> LIFE_SHIFT);
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
          sizeBytes =
              nodes.objects().get(getInt(BODY)) instanceof byte[] target ? target.length : 0;
      case CHARACTER_DEVICE, BLOCK_DEVICE -> device = (int) getLong(SIZE_PARENT_DEVICE);
      case DIRECTORY, FIFO, SOCKET -> {}
    }
    return new Attributes(
        number,
        type,
        permissions(),
        links(),
        getInt(UID),
        getInt(GID),
        device,
        sizeBytes,
        blocks512,
        time(ACCESSED),
        time(MODIFIED),
        time(CHANGED),
        time(BORN));
  }

  int gidFor(int callersGid) {
    return inheritsGroup() ? getInt(GID) : callersGid;
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
      if (!isAlive() || !mode.moves(time(ACCESSED), time(MODIFIED), time(CHANGED), now)) {
        return;
      }
    } finally {
      lock.unlockRead(stamp);
    }
    stamp = lock.writeLock();
    try {
      if (isAlive()) {
        putTime(ACCESSED, now);
      }
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Data or names have changed. */
  void touch(Timestamp now) {
    putTime(MODIFIED, now);
    putTime(CHANGED, now);
  }

  /** Attributes or the link count have changed. */
  void touchStatus(Timestamp now) {
    putTime(CHANGED, now);
  }

  void addLinks(int more, Timestamp now) {
    putInt(LINKS, links() + more);
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
      putInt(UID, change.uid());
    }
    if (change.gid() != null) {
      putInt(GID, change.gid());
    }
    putTime(ACCESSED, change.accessed().applyTo(time(ACCESSED), now));
    putTime(MODIFIED, change.modified().applyTo(time(MODIFIED), now));
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
    return (NodeXattrs) nodes.objects().get(getInt(XATTRS));
  }

  private NodeXattrs madeXattrs() throws FsException {
    NodeXattrs present = xattrs();
    if (present != null) {
      return present;
    }
    NodeXattrs made = new NodeXattrs(nodes.space());
    putInt(XATTRS, nodes.objects().add(made));
    return made;
  }
}
