package org.telosfs.vfs.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.Timestamp;

/**
 * Where the fields of an inode lie in its record. An inode number is that of the record and, in its
 * upper half, which of the record's lives it stands for.
 */
class NodeRecord {
  /** Size of a record in the pool of inodes. */
  static final int RECORD_BYTES = 96;

  private static final int LINKS = 0;

  /** How often the record was given back; kept between two lives. */
  private static final int LIFE = 4;

  /** Type, permissions, a flag, and the height of the tree of blocks; 0 in a free record. */
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

  final int record;
  final InodeNumber number;
  final FileType type;

  private final ByteBuffer slab;
  private final int at;

  /** The present life of a record that is in use. */
  NodeRecord(RecordPool records, int record) {
    this(records, numberIn(records, record), typeIn(records, record));
  }

  /** A life of a record, present or past. */
  NodeRecord(RecordPool records, InodeNumber number, FileType type) {
    this.record = recordOf(number);
    this.number = number;
    this.type = type;
    this.slab = records.slabOf(record);
    this.at = records.offsetOf(record);
  }

  /** The record that a number names, whether there is one or not. */
  static int recordOf(InodeNumber number) {
    return (int) number.value();
  }

  /** The number of a record's present life, or of its next if it is free. */
  static InodeNumber numberIn(RecordPool records, int record) {
    return new InodeNumber(((long) records.getInt(record, LIFE) << LIFE_SHIFT) | record);
  }

  /** Whether the number is that of a record in use. */
  static boolean isUsed(RecordPool records, InodeNumber number) {
    int record = recordOf(number);
    return records.knows(record)
        && (int) INTS.getAcquire(records.slabOf(record), records.offsetOf(record) + MODE) != 0
        && records.getInt(record, LIFE) == lifeOf(number);
  }

  static FileType typeIn(RecordPool records, int record) {
    try {
      return FileType.ofCode((records.getInt(record, MODE) >>> TYPE_SHIFT) & TYPE_MASK);
    } catch (FsException free) {
      return FileType.REGULAR; // It has just gone, which every operation asks under the lock.
    }
  }

  private static int lifeOf(InodeNumber number) {
    return (int) (number.value() >>> LIFE_SHIFT);
  }

  /** Begins the life; all else that follows is zero. */
  void begin(int permissions, int uid, int gid, int device, int body, long lookups, Timestamp now) {
    putInt(LINKS, 0);
    putInt(UID, uid);
    putInt(GID, gid);
    putInt(BODY, body);
    putInt(XATTRS, 0);
    putInt(BLOCKS, 0);
    putLong(SIZE_PARENT_DEVICE, Integer.toUnsignedLong(device));
    putLong(LOOKUPS, lookups);
    setAccessed(now);
    setModified(now);
    setChanged(now);
    putTime(BORN, now);
    INTS.setRelease(slab, at + MODE, (type.code() << TYPE_SHIFT) | permissions);
  }

  /** Ends the life; the number is nobody's any more. */
  void endLife() {
    putInt(MODE, 0);
    putInt(LIFE, getInt(LIFE) + 1);
  }

  /** Whether the life has not ended. */
  boolean isAlive() {
    return getInt(MODE) != 0 && getInt(LIFE) == lifeOf(number);
  }

  /** How often it was looked up and not yet forgotten. */
  long lookups() {
    return (long) LONGS.getVolatile(slab, at + LOOKUPS);
  }

  /** More lookups, or fewer; how many there are then. */
  long addLookups(long more) {
    return (long) LONGS.getAndAdd(slab, at + LOOKUPS, more) + more;
  }

  int links() {
    return getInt(LINKS);
  }

  void setLinks(int links) {
    putInt(LINKS, links);
  }

  int permissions() {
    return getInt(MODE) & Attributes.PERMISSION_MASK;
  }

  void setPermissions(int permissions) {
    putInt(MODE, (getInt(MODE) & ~Attributes.PERMISSION_MASK) | permissions);
  }

  int uid() {
    return getInt(UID);
  }

  void setUid(int uid) {
    putInt(UID, uid);
  }

  int gid() {
    return getInt(GID);
  }

  void setGid(int gid) {
    putInt(GID, gid);
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

  void setParent(NodeRecord parent) {
    putLong(SIZE_PARENT_DEVICE, parent.number.value());
  }

  /** The number of a device. */
  int device() {
    return (int) getLong(SIZE_PARENT_DEVICE);
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
  IntTree blocks(RecordPool treeNodes) {
    return new IntTree(treeNodes, getInt(BODY), getInt(MODE) >>> HEIGHT_SHIFT);
  }

  void setBlocks(IntTree blocks, int dataBlocks) {
    putInt(BODY, blocks.root());
    putInt(MODE, (getInt(MODE) & BELOW_HEIGHT) | (blocks.height() << HEIGHT_SHIFT));
    putInt(BLOCKS, dataBlocks);
  }

  /** The number of a directory's or a symlink's object. */
  int body() {
    return getInt(BODY);
  }

  int xattrsNumber() {
    return getInt(XATTRS);
  }

  void setXattrsNumber(int object) {
    putInt(XATTRS, object);
  }

  Timestamp accessed() {
    return time(ACCESSED);
  }

  void setAccessed(Timestamp time) {
    putTime(ACCESSED, time);
  }

  Timestamp modified() {
    return time(MODIFIED);
  }

  void setModified(Timestamp time) {
    putTime(MODIFIED, time);
  }

  Timestamp changed() {
    return time(CHANGED);
  }

  void setChanged(Timestamp time) {
    putTime(CHANGED, time);
  }

  Timestamp born() {
    return time(BORN);
  }

  private Timestamp time(int field) {
    return new Timestamp(getLong(field), getInt(field + Long.BYTES));
  }

  private void putTime(int field, Timestamp time) {
    putLong(field, time.seconds());
    putInt(field + Long.BYTES, time.nanos());
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
}
