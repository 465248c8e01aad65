package org.telosfs.fuse.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.Opened;
import org.telosfs.vfs.StatFs;
import org.telosfs.vfs.Timestamp;
import org.telosfs.vfs.XattrName;

/**
 * One reply, written in place: the header in front of the body, so that one write(2) sends both.
 * Between {@link #begin} and {@link #end} one method puts the body; with none the reply is a bare
 * success. It belongs to the thread that owns the buffer.
 */
public final class ReplyWriter {
  private static final int BODY = FuseWire.OUT_HEADER_BYTES;
  private static final int PREFERRED_IO_BYTES = 4096;
  private static final int FOPEN_DIRECT_IO = 1;
  private static final int FOPEN_KEEP_CACHE = 1 << 1;
  private static final int FOPEN_CACHE_DIR = 1 << 3;

  private final ByteBuffer buffer;
  private final ByteBuffer content;
  private final DirentWriter dirents;
  private final long entrySeconds;
  private final int entryNanos;
  private final long attributeSeconds;
  private final int attributeNanos;
  private final long negativeSeconds;
  private final int negativeNanos;

  private long unique;
  private int error;
  private int bodyBytes;
  private boolean answered;

  /**
   * Writes to {@code buffer} from its index 0 on, with the times to live that {@code traits} has.
   */
  public ReplyWriter(ByteBuffer buffer, FileSystemTraits traits) {
    this.buffer = buffer.duplicate().order(ByteOrder.nativeOrder());
    this.buffer.clear();
    this.content = this.buffer.duplicate();
    this.dirents = new DirentWriter(this.buffer, BODY, this::putEntry);
    Duration entry = traits.entryTimeout();
    this.entrySeconds = entry.getSeconds();
    this.entryNanos = entry.getNano();
    Duration attribute = traits.attributeTimeout();
    this.attributeSeconds = attribute.getSeconds();
    this.attributeNanos = attribute.getNano();
    Duration negative = traits.negativeTimeout();
    this.negativeSeconds = negative.getSeconds();
    this.negativeNanos = negative.getNano();
  }

  /** Starts the reply to request {@code unique}. */
  public void begin(long unique) {
    this.unique = unique;
    error = 0;
    bodyBytes = 0;
    answered = true;
  }

  /** The request gets no reply, as FORGET. */
  public void none() {
    answered = false;
  }

  /** The request is refused. */
  public void refuse(int errno) {
    error = -errno;
    bodyBytes = 0;
    answered = true;
  }

  /** Completes the reply; its bytes, from index 0 on, or 0 if there is none to send. */
  public int end() {
    if (!answered) {
      return 0;
    }
    int bytes = BODY + bodyBytes;
    putHeader(bytes);
    return bytes;
  }

  /**
   * READ, whose content lies elsewhere: completes what goes before it. It is sent at once, and
   * {@link #end} has nothing to send then.
   *
   * @return the bytes of this part, from index 0 on
   */
  public int endBeforeContent(int contentBytes) {
    putHeader(BODY + contentBytes);
    answered = false;
    return BODY;
  }

  private void putHeader(int bytes) {
    buffer.putInt(FuseWire.OUT_LEN, bytes);
    buffer.putInt(FuseWire.OUT_ERROR, error);
    buffer.putLong(FuseWire.OUT_UNIQUE, unique);
  }

  /** The errno this reply refuses with, or 0. */
  public int errno() {
    return -error;
  }

  /** LOOKUP, MKNOD, MKDIR, SYMLINK, LINK. */
  public void entry(Entry entry) {
    putEntry(BODY, entry);
    bodyBytes = FuseWire.ENTRY_BYTES;
  }

  /** LOOKUP of a name that is not there, which may be remembered for a while. */
  public void noEntry() {
    if (negativeSeconds == 0 && negativeNanos == 0) {
      refuse(Errno.ENOENT.number());
      return;
    }
    zero(BODY, FuseWire.ENTRY_BYTES);
    buffer.putLong(BODY + FuseWire.ENTRY_VALID, negativeSeconds);
    buffer.putInt(BODY + FuseWire.ENTRY_VALID_NANOS, negativeNanos);
    bodyBytes = FuseWire.ENTRY_BYTES;
  }

  /** The inode of the entry just written by {@link #entry} or {@link #created}; 0 for none. */
  public long entryNode() {
    return bodyBytes >= FuseWire.ENTRY_BYTES ? buffer.getLong(BODY + FuseWire.ENTRY_NODE) : 0;
  }

  /** The handle just written by {@link #opened} or {@link #openedDirectory}. */
  public long openedHandle() {
    return buffer.getLong(BODY + FuseWire.OPEN_OUT_HANDLE);
  }

  /** The handle just written by {@link #created}. */
  public long createdHandle() {
    return buffer.getLong(BODY + FuseWire.ENTRY_BYTES + FuseWire.OPEN_OUT_HANDLE);
  }

  /** CREATE. */
  public void created(Entry entry, Opened opened) {
    putEntry(BODY, entry);
    putOpened(BODY + FuseWire.ENTRY_BYTES, opened, false);
    bodyBytes = FuseWire.ENTRY_BYTES + FuseWire.OPEN_OUT_BYTES;
  }

  /** OPEN. */
  public void opened(Opened opened) {
    putOpened(BODY, opened, false);
    bodyBytes = FuseWire.OPEN_OUT_BYTES;
  }

  /** OPENDIR. */
  public void openedDirectory(Opened opened) {
    putOpened(BODY, opened, true);
    bodyBytes = FuseWire.OPEN_OUT_BYTES;
  }

  /** GETATTR, SETATTR. */
  public void attributes(Attributes attributes) {
    buffer.putLong(BODY + FuseWire.ATTR_OUT_VALID, attributeSeconds);
    putPadded(BODY + FuseWire.ATTR_OUT_VALID_NANOS, attributeNanos);
    putAttributes(BODY + FuseWire.ATTR_OUT_ATTR, attributes);
    bodyBytes = FuseWire.ATTR_OUT_BYTES;
  }

  /** STATX. */
  public void extendedAttributes(Attributes attributes) {
    zero(BODY, FuseWire.STATX_OUT_BYTES);
    buffer.putLong(BODY + FuseWire.STATX_VALID, attributeSeconds);
    buffer.putInt(BODY + FuseWire.STATX_VALID_NANOS, attributeNanos);
    int stat = BODY + FuseWire.STATX_STAT;
    buffer.putInt(stat + FuseWire.SX_MASK, FuseWire.STATX_BASIC_AND_BTIME);
    buffer.putInt(stat + FuseWire.SX_BLKSIZE, PREFERRED_IO_BYTES);
    buffer.putInt(stat + FuseWire.SX_NLINK, attributes.links());
    buffer.putInt(stat + FuseWire.SX_UID, attributes.uid());
    buffer.putInt(stat + FuseWire.SX_GID, attributes.gid());
    buffer.putShort(stat + FuseWire.SX_MODE, (short) attributes.mode());
    buffer.putLong(stat + FuseWire.SX_INO, attributes.inode().value());
    buffer.putLong(stat + FuseWire.SX_SIZE, attributes.sizeBytes());
    buffer.putLong(stat + FuseWire.SX_BLOCKS, attributes.blocks512());
    putStatxTime(stat + FuseWire.SX_ATIME, attributes.accessed());
    putStatxTime(stat + FuseWire.SX_BTIME, attributes.born());
    putStatxTime(stat + FuseWire.SX_CTIME, attributes.changed());
    putStatxTime(stat + FuseWire.SX_MTIME, attributes.modified());
    int device = attributes.device(); // new_encode_dev: minor 7..0, major 19..8, minor 31..20
    buffer.putInt(stat + FuseWire.SX_RDEV_MAJOR, (device >>> 8) & 0xFFF);
    buffer.putInt(stat + FuseWire.SX_RDEV_MINOR, (device & 0xFF) | ((device >>> 12) & 0xFFF00));
    bodyBytes = FuseWire.STATX_OUT_BYTES;
  }

  /** READLINK, GETXATTR: the bytes themselves. */
  public void bytes(byte[] value) {
    buffer.put(BODY, value);
    bodyBytes = value.length;
  }

  /**
   * Room for up to {@code bytes} of content, to be filled from its position on; see {@link
   * #content}.
   */
  public ByteBuffer contentRoom(int bytes) {
    return content.limit(Math.min(BODY + bytes, buffer.capacity())).position(BODY);
  }

  /** READ: the first {@code bytes} of {@link #contentRoom} are the content. */
  public void content(int bytes) {
    bodyBytes = bytes;
  }

  /** WRITE, COPY_FILE_RANGE: how much. */
  public void written(int bytes) {
    putPadded(BODY, bytes);
    bodyBytes = FuseWire.WRITE_OUT_BYTES;
  }

  /** LSEEK: the offset; COPY_FILE_RANGE_64: how much. */
  public void number(long value) {
    buffer.putLong(BODY, value);
    bodyBytes = Long.BYTES;
  }

  /** Starts a listing of up to {@code bytes}; see {@link #listing}. */
  public DirentWriter listingRoom(int bytes) {
    dirents.begin(bytes);
    return dirents;
  }

  /** READDIR, READDIRPLUS: what {@link #listingRoom} has taken. */
  public void listing() {
    bodyBytes = dirents.usedBytes();
  }

  /** The listing just written. */
  public DirentWriter writtenListing() {
    return dirents;
  }

  /** STATFS. */
  public void statfs(StatFs space) {
    zero(BODY, FuseWire.STATFS_BYTES);
    buffer.putLong(BODY + FuseWire.STATFS_BLOCKS, space.totalBlocks());
    buffer.putLong(BODY + FuseWire.STATFS_BFREE, space.freeBlocks());
    buffer.putLong(BODY + FuseWire.STATFS_BAVAIL, space.availableBlocks());
    buffer.putLong(BODY + FuseWire.STATFS_FILES, space.totalInodes());
    buffer.putLong(BODY + FuseWire.STATFS_FFREE, space.freeInodes());
    buffer.putInt(BODY + FuseWire.STATFS_BSIZE, space.blockBytes());
    buffer.putInt(BODY + FuseWire.STATFS_NAMELEN, FileName.MAX_BYTES);
    buffer.putInt(BODY + FuseWire.STATFS_FRSIZE, space.blockBytes());
    bodyBytes = FuseWire.STATFS_BYTES;
  }

  /**
   * GETXATTR.
   *
   * @param roomBytes what the caller has room for; 0 asks for the size
   * @throws FsException ERANGE if that is too little
   */
  public void xattr(byte[] value, int roomBytes) throws FsException {
    if (fitsOrTellsSize(value.length, roomBytes)) {
      bytes(value);
    }
  }

  /**
   * LISTXATTR: names, each with a NUL.
   *
   * @param roomBytes what the caller has room for; 0 asks for the size
   * @throws FsException ERANGE if that is too little
   */
  public void xattrNames(List<XattrName> names, int roomBytes) throws FsException {
    int bytes = 0;
    for (XattrName name : names) {
      bytes += name.length() + 1;
    }
    if (fitsOrTellsSize(bytes, roomBytes)) {
      ByteBuffer room = contentRoom(bytes);
      for (XattrName name : names) {
        name.putInto(room);
        room.put((byte) 0);
      }
      bodyBytes = bytes;
    }
  }

  private boolean fitsOrTellsSize(int bytes, int roomBytes) throws FsException {
    if (roomBytes == 0) {
      putPadded(BODY, bytes);
      bodyBytes = FuseWire.GETXATTR_OUT_BYTES;
      return false;
    }
    if (bytes > roomBytes || bytes > buffer.capacity() - BODY) {
      throw new FsException(Errno.ERANGE, bytes + " bytes");
    }
    return true;
  }

  /** INIT. */
  public void init(InitAnswer answer) {
    zero(BODY, FuseWire.INIT_OUT_BYTES);
    buffer.putInt(BODY + FuseWire.INIT_MAJOR, FuseWire.MAJOR);
    buffer.putInt(BODY + FuseWire.INIT_MINOR, answer.minor());
    buffer.putInt(BODY + FuseWire.INIT_READAHEAD, answer.maxReadaheadBytes());
    buffer.putInt(BODY + FuseWire.INIT_FLAGS, (int) answer.flags());
    buffer.putInt(BODY + FuseWire.INIT_OUT_FLAGS2, (int) (answer.flags() >>> Integer.SIZE));
    buffer.putShort(BODY + FuseWire.INIT_OUT_MAX_BACKGROUND, (short) answer.maxBackground());
    buffer.putShort(BODY + FuseWire.INIT_OUT_CONGESTION, (short) answer.congestionThreshold());
    buffer.putInt(BODY + FuseWire.INIT_OUT_MAX_WRITE, answer.maxWriteBytes());
    buffer.putInt(BODY + FuseWire.INIT_OUT_TIME_GRANULARITY, 1);
    buffer.putShort(BODY + FuseWire.INIT_OUT_MAX_PAGES, (short) answer.maxPages());
    bodyBytes = FuseWire.INIT_OUT_BYTES;
  }

  private void putEntry(int at, Entry entry) {
    buffer.putLong(at + FuseWire.ENTRY_NODE, entry.inode().value());
    buffer.putLong(at + FuseWire.ENTRY_GENERATION, entry.generation());
    buffer.putLong(at + FuseWire.ENTRY_VALID, entrySeconds);
    buffer.putLong(at + FuseWire.ENTRY_ATTR_VALID, attributeSeconds);
    buffer.putInt(at + FuseWire.ENTRY_VALID_NANOS, entryNanos);
    buffer.putInt(at + FuseWire.ENTRY_ATTR_VALID_NANOS, attributeNanos);
    putAttributes(at + FuseWire.ENTRY_ATTR, entry.attributes());
  }

  private void putAttributes(int at, Attributes attributes) {
    Timestamp accessed = attributes.accessed();
    Timestamp modified = attributes.modified();
    Timestamp changed = attributes.changed();
    buffer.putLong(at + FuseWire.ATTR_INO, attributes.inode().value());
    buffer.putLong(at + FuseWire.ATTR_SIZE, attributes.sizeBytes());
    buffer.putLong(at + FuseWire.ATTR_BLOCKS, attributes.blocks512());
    buffer.putLong(at + FuseWire.ATTR_ATIME, accessed.seconds());
    buffer.putLong(at + FuseWire.ATTR_MTIME, modified.seconds());
    buffer.putLong(at + FuseWire.ATTR_CTIME, changed.seconds());
    buffer.putInt(at + FuseWire.ATTR_ATIME_NANOS, accessed.nanos());
    buffer.putInt(at + FuseWire.ATTR_MTIME_NANOS, modified.nanos());
    buffer.putInt(at + FuseWire.ATTR_CTIME_NANOS, changed.nanos());
    buffer.putInt(at + FuseWire.ATTR_MODE, attributes.mode());
    buffer.putInt(at + FuseWire.ATTR_NLINK, attributes.links());
    buffer.putInt(at + FuseWire.ATTR_UID, attributes.uid());
    buffer.putInt(at + FuseWire.ATTR_GID, attributes.gid());
    buffer.putInt(at + FuseWire.ATTR_RDEV, attributes.device());
    buffer.putInt(at + FuseWire.ATTR_BLKSIZE, PREFERRED_IO_BYTES);
    buffer.putInt(at + FuseWire.ATTR_FLAGS, 0);
  }

  private void putOpened(int at, Opened opened, boolean directory) {
    int flags = opened.directIo() ? FOPEN_DIRECT_IO : 0;
    if (opened.keepCache()) {
      flags |= directory ? FOPEN_KEEP_CACHE | FOPEN_CACHE_DIR : FOPEN_KEEP_CACHE;
    }
    buffer.putLong(at + FuseWire.OPEN_OUT_HANDLE, opened.handle().value());
    putPadded(at + FuseWire.OPEN_OUT_FLAGS, flags);
  }

  private void putStatxTime(int at, Timestamp time) {
    buffer.putLong(at, time.seconds());
    buffer.putInt(at + FuseWire.SX_TIME_NANOS, time.nanos());
  }

  private void putPadded(int at, int value) {
    buffer.putInt(at, value);
    buffer.putInt(at + Integer.BYTES, 0);
  }

  private void zero(int from, int bytes) {
    for (int at = from; at < from + bytes; at += Long.BYTES) {
      buffer.putLong(at, 0);
    }
  }
}
