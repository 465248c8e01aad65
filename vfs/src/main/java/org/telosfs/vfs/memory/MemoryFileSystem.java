package org.telosfs.vfs.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import org.telosfs.vfs.AccessTimes;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.CacheInvalidator;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.ContentLender;
import org.telosfs.vfs.ContentPieces;
import org.telosfs.vfs.Created;
import org.telosfs.vfs.DirectorySink;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.LookupSink;
import org.telosfs.vfs.OpenFlags;
import org.telosfs.vfs.Opened;
import org.telosfs.vfs.PrivilegeLoss;
import org.telosfs.vfs.RenameMode;
import org.telosfs.vfs.SeekTarget;
import org.telosfs.vfs.StatFs;
import org.telosfs.vfs.Timestamp;
import org.telosfs.vfs.VirtualFileSystem;
import org.telosfs.vfs.XattrMode;
import org.telosfs.vfs.XattrName;
import org.telosfs.vfs.XattrNamespace;
import org.telosfs.vfs.acl.AclKind;
import org.telosfs.vfs.acl.PosixAcl;

/**
 * A whole POSIX tree in memory. Nothing is durable: {@link #fsync} has nothing to do. Opens keep no
 * state, whatever the traits say: an open file is a looked-up inode.
 *
 * <p>An operation is: find the nodes, lock them in order, check, change. Inodes, names and content
 * lie outside the heap ({@link RecordPool}); on it are but directories' few words, extended
 * attributes and the targets of symbolic links.
 */
public final class MemoryFileSystem implements VirtualFileSystem, ContentLender {
  /** The most names of a file, and the most links of a directory. */
  public static final int LINK_LIMIT = 65_000;

  private final InstantSource clock;
  private final FileSystemTraits traits;
  private final AccessTimes accessTimes;
  private final MemorySpace space;
  private final NodeTable nodes;
  private final MemoryNames names;
  private final MemoryRename renames;
  private final MemoryContents content;
  private final MemoryListing listing;

  /**
   * An empty tree whose root belongs to the superuser.
   *
   * @param capacityBytes how much file content it takes; also bounds the number of inodes, one for
   *     each 512 bytes. An operation for which there is no memory outside the heap ({@code
   *     -XX:MaxDirectMemorySize}) is refused with ENOSPC as well
   * @param traits as a transport will see them; not read-only
   */
  public MemoryFileSystem(InstantSource clock, long capacityBytes, FileSystemTraits traits) {
    this(clock, capacityBytes, traits, AccessTimes.RELATIME);
  }

  /** As the other, with access times of another kind. */
  public MemoryFileSystem(
      InstantSource clock, long capacityBytes, FileSystemTraits traits, AccessTimes accessTimes) {
    this(clock, new MemorySpace(capacityBytes), traits, accessTimes);
  }

  MemoryFileSystem(
      InstantSource clock, MemorySpace space, FileSystemTraits traits, AccessTimes accessTimes) {
    if (traits.readOnly()) {
      throw new IllegalArgumentException("a read-only memory tree would stay empty");
    }
    this.clock = clock;
    this.traits = traits;
    this.accessTimes = accessTimes;
    this.space = space;
    this.nodes = new NodeTable(space);
    this.names = new MemoryNames(nodes, space, clock);
    this.renames = new MemoryRename(nodes, space, clock);
    this.content = new MemoryContents(nodes, clock);
    this.listing = new MemoryListing(nodes, accessTimes, clock);
    try {
      nodes.addRoot(now());
    } catch (FsException none) {
      throw new OutOfMemoryError("no memory outside the heap: -XX:MaxDirectMemorySize is too low");
    }
  }

  /**
   * The capacity, in bytes, of a tree that is to get along with so much memory outside the heap.
   */
  public static long capacityWithin(long bytes) {
    return MemorySpace.capacityWithin(bytes);
  }

  @Override
  public FileSystemTraits traits() {
    return traits;
  }

  @Override
  public void cachedBy(CacheInvalidator cache) {
    // Every change comes through an operation, so there is nothing to tell.
  }

  @Override
  public void noLongerCachedBy(CacheInvalidator cache) {
    // Nothing was kept.
  }

  // ---- names

  @Override
  public Entry lookup(Caller caller, InodeNumber directory, FileName name) throws FsException {
    return names.lookup(nodes.get(directory), name);
  }

  @Override
  public void forget(InodeNumber inode, long lookups) {
    nodes.forget(inode, lookups);
  }

  @Override
  public Entry mknod(
      Caller caller,
      InodeNumber directory,
      FileName name,
      FileType type,
      int permissions,
      int device)
      throws FsException {
    return names.makeNode(caller, nodes.get(directory), name, type, permissions, device);
  }

  @Override
  public Entry mkdir(Caller caller, InodeNumber directory, FileName name, int permissions)
      throws FsException {
    return names.makeDirectory(caller, nodes.get(directory), name, permissions);
  }

  @Override
  public Entry symlink(Caller caller, InodeNumber directory, FileName name, byte[] target)
      throws FsException {
    return names.makeSymlink(caller, nodes.get(directory), name, target);
  }

  @Override
  public Created tmpfile(Caller caller, InodeNumber directory, int permissions, OpenFlags flags)
      throws FsException {
    return new Created(
        names.makeUnnamed(caller, nodes.get(directory), permissions, !flags.exclusive()), opened());
  }

  @Override
  public byte[] readlink(Caller caller, InodeNumber inode) throws FsException {
    MemoryNode node = nodes.get(inode);
    byte[] target = node.target();
    node.read(accessTimes, clock);
    return target;
  }

  @Override
  public Entry link(Caller caller, InodeNumber inode, InodeNumber directory, FileName name)
      throws FsException {
    return names.link(nodes.get(inode), nodes.get(directory), name);
  }

  @Override
  public void unlink(Caller caller, InodeNumber directory, FileName name) throws FsException {
    if (name.isDots()) {
      throw new FsException(Errno.EISDIR);
    }
    names.remove(new MemoryRename.Place(nodes.get(directory), name), false);
  }

  @Override
  public void rmdir(Caller caller, InodeNumber directory, FileName name) throws FsException {
    if (name.isDots()) {
      throw new FsException(name.equals(FileName.DOT) ? Errno.EINVAL : Errno.ENOTEMPTY);
    }
    names.remove(new MemoryRename.Place(nodes.get(directory), name), true);
  }

  @Override
  public void rename(
      Caller caller,
      InodeNumber oldDirectory,
      FileName oldName,
      InodeNumber newDirectory,
      FileName newName,
      RenameMode mode)
      throws FsException {
    if (oldName.isDots() || newName.isDots()) {
      throw new FsException(Errno.EINVAL);
    }
    renames.rename(
        caller,
        new MemoryRename.Place(nodes.get(oldDirectory), oldName),
        new MemoryRename.Place(nodes.get(newDirectory), newName),
        mode);
  }

  // ---- attributes

  @Override
  public Attributes getattr(Caller caller, InodeNumber inode) throws FsException {
    MemoryNode node = nodes.get(inode);
    long stamp = node.lock.readLock();
    try {
      node.requireAlive();
      return node.attributes();
    } finally {
      node.lock.unlockRead(stamp);
    }
  }

  @Override
  public Attributes setattr(Caller caller, InodeNumber inode, AttributeChange change)
      throws FsException {
    MemoryNode node = nodes.get(inode);
    long stamp = node.lock.writeLock();
    try {
      node.requireAlive();
      node.apply(change, now());
      return node.attributes();
    } finally {
      node.lock.unlockWrite(stamp);
    }
  }

  // ---- content

  @Override
  public Opened open(Caller caller, InodeNumber inode, OpenFlags flags) throws FsException {
    if (nodes.get(inode).isDirectory() && flags.writes()) {
      throw new FsException(Errno.EISDIR);
    }
    return opened();
  }

  @Override
  public Created create(
      Caller caller, InodeNumber directory, FileName name, int permissions, OpenFlags flags)
      throws FsException {
    Entry made = mknod(caller, directory, name, FileType.REGULAR, permissions, 0);
    return new Created(made, opened());
  }

  @Override
  public void release(InodeNumber inode, FileHandle handle) {
    // An open keeps nothing.
  }

  @Override
  public int read(
      Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, ByteBuffer into)
      throws FsException {
    try {
      return readUnnoticed(caller, inode, handle, offsetBytes, into);
    } finally {
      nodes.get(inode).read(accessTimes, clock);
    }
  }

  @Override
  public int readUnnoticed(
      Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, ByteBuffer into)
      throws FsException {
    return content.read(nodes.get(inode), offsetBytes, into);
  }

  @Override
  public void lend(
      InodeNumber inode,
      long offsetBytes,
      int bytes,
      boolean noticed,
      ContentPieces pieces,
      Borrower borrower)
      throws FsException, IOException {
    try {
      content.lend(nodes.get(inode), offsetBytes, bytes, pieces, borrower);
    } finally {
      if (noticed) {
        nodes.get(inode).read(accessTimes, clock);
      }
    }
  }

  @Override
  public int write(
      Caller caller,
      InodeNumber inode,
      FileHandle handle,
      long offsetBytes,
      ByteBuffer data,
      PrivilegeLoss loss)
      throws FsException {
    return content.write(nodes.get(inode), offsetBytes, data, loss);
  }

  @Override
  public void fsync(Caller caller, InodeNumber inode, FileHandle handle, boolean dataOnly)
      throws FsException {
    nodes.get(inode);
  }

  @Override
  public void syncAll() {
    // Nothing is ever durable.
  }

  @Override
  public void allocate(
      Caller caller,
      InodeNumber inode,
      FileHandle handle,
      AllocateMode mode,
      long offsetBytes,
      long lengthBytes)
      throws FsException {
    content.allocate(nodes.get(inode), mode, offsetBytes, lengthBytes, PrivilegeLoss.by(caller));
  }

  @Override
  public long seek(
      Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, SeekTarget target)
      throws FsException {
    return content.seek(nodes.get(inode), offsetBytes, target);
  }

  @Override
  public long copyRange(
      Caller caller,
      InodeNumber from,
      FileHandle fromHandle,
      long fromOffsetBytes,
      InodeNumber to,
      FileHandle toHandle,
      long toOffsetBytes,
      long lengthBytes)
      throws FsException {
    return content.copy(
        nodes.get(from),
        fromOffsetBytes,
        nodes.get(to),
        toOffsetBytes,
        lengthBytes,
        PrivilegeLoss.by(caller));
  }

  // ---- directories

  @Override
  public Opened opendir(Caller caller, InodeNumber directory) throws FsException {
    nodes.get(directory).names();
    return opened();
  }

  /** Where every read has to arrive, past the page cache. */
  private Opened opened() {
    return accessTimes == AccessTimes.STRICT ? Opened.uncached(FileHandle.NONE) : Opened.STATELESS;
  }

  @Override
  public void releasedir(InodeNumber directory, FileHandle handle) {
    // An open keeps nothing.
  }

  @Override
  public void readdir(
      Caller caller, InodeNumber directory, FileHandle handle, long cookie, DirectorySink sink)
      throws FsException {
    listing.list(nodes.get(directory), cookie, false, (entry, node) -> sink.accept(entry));
  }

  @Override
  public void readdirplus(
      Caller caller, InodeNumber directory, FileHandle handle, long cookie, LookupSink sink)
      throws FsException {
    listing.list(
        nodes.get(directory),
        cookie,
        true,
        (entry, node) -> sink.accept(entry, node == null ? null : node.entry()));
  }

  // ---- extended attributes

  @Override
  public void setxattr(
      Caller caller,
      InodeNumber inode,
      XattrName name,
      byte[] value,
      XattrMode mode,
      boolean clearSetgid)
      throws FsException {
    MemoryNode node = nodes.get(inode);
    if (value.length > XattrName.MAX_VALUE_BYTES) {
      throw new FsException(Errno.E2BIG);
    }
    AclKind kind = AclKind.of(name);
    if (kind == null) {
      XattrNamespace.of(name).requireOn(node.type);
    } else {
      kind.requireOn(node.type);
    }
    PosixAcl acl = kind == null ? null : PosixAcl.decode(value);
    long stamp = node.lock.writeLock();
    try {
      node.requireAlive();
      if (kind == null || acl == null) {
        node.setXattr(name, value, mode, now());
      } else {
        node.setAcl(kind, acl, clearSetgid, now());
      }
    } finally {
      node.lock.unlockWrite(stamp);
    }
  }

  @Override
  public byte[] getxattr(Caller caller, InodeNumber inode, XattrName name) throws FsException {
    MemoryNode node = nodes.get(inode);
    requireKept(name);
    long stamp = node.lock.readLock();
    try {
      return node.xattr(name);
    } finally {
      node.lock.unlockRead(stamp);
    }
  }

  @Override
  public List<XattrName> listxattr(Caller caller, InodeNumber inode) throws FsException {
    MemoryNode node = nodes.get(inode);
    long stamp = node.lock.readLock();
    try {
      return XattrNamespace.shownTo(caller, node.xattrNames());
    } finally {
      node.lock.unlockRead(stamp);
    }
  }

  @Override
  public void removexattr(Caller caller, InodeNumber inode, XattrName name) throws FsException {
    MemoryNode node = nodes.get(inode);
    requireKept(name);
    long stamp = node.lock.writeLock();
    try {
      node.requireAlive();
      node.removeXattr(name, now());
    } finally {
      node.lock.unlockWrite(stamp);
    }
  }

  private static void requireKept(XattrName name) throws FsException {
    if (AclKind.of(name) == null) {
      XattrNamespace.of(name);
    }
  }

  // ---- the whole

  @Override
  public StatFs statfs(Caller caller, InodeNumber inode) {
    return space.toStatFs();
  }

  @Override
  public void close() {
    // The tree goes with the object.
  }

  private Timestamp now() {
    return Timestamp.of(clock.instant());
  }
}
