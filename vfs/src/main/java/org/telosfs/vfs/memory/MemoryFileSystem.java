package org.telosfs.vfs.memory;

import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.vfs.AccessTimes;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.CacheInvalidator;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Created;
import org.telosfs.vfs.DirectoryEntry;
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
import org.telosfs.vfs.acl.ModeAndAcl;
import org.telosfs.vfs.acl.PosixAcl;

/**
 * A whole POSIX tree in memory. Nothing is durable: {@link #fsync} has nothing to do. Opens keep no
 * state, whatever the traits say: an open file is a looked-up inode.
 *
 * <p>An operation is: find the nodes, lock them in order, check, change. Attributes are read
 * without a lock, from a cached value that every change drops.
 */
public final class MemoryFileSystem implements VirtualFileSystem {
  /** The most names of a file, and the most links of a directory. */
  public static final int LINK_LIMIT = 65_000;

  private static final int MAX_TARGET_BYTES = 4095;
  private static final int LISTING_BATCH = 64;

  private final InstantSource clock;
  private final FileSystemTraits traits;
  private final AccessTimes accessTimes;
  private final MemorySpace space;
  private final NodeTable nodes;
  private final MemoryRename renames;

  /**
   * An empty tree whose root belongs to the superuser.
   *
   * @param capacityBytes how much file content it takes; also bounds the number of inodes
   * @param traits as a transport will see them; not read-only
   */
  public MemoryFileSystem(InstantSource clock, long capacityBytes, FileSystemTraits traits) {
    this(clock, capacityBytes, traits, AccessTimes.RELATIME);
  }

  /** As the other, with access times of another kind. */
  public MemoryFileSystem(
      InstantSource clock, long capacityBytes, FileSystemTraits traits, AccessTimes accessTimes) {
    if (traits.readOnly()) {
      throw new IllegalArgumentException("a read-only memory tree would stay empty");
    }
    this.clock = clock;
    this.traits = traits;
    this.accessTimes = accessTimes;
    this.space = new MemorySpace(capacityBytes);
    this.nodes = new NodeTable(space);
    this.renames = new MemoryRename(nodes, space, clock);
    nodes.addRoot(now());
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
    MemoryNode above = nodes.get(directory);
    if (name.equals(FileName.DOT)) {
      return itself(above);
    }
    DirectoryContent names = above.names();
    MemoryNode found;
    long stamp = above.lock.readLock();
    try {
      above.requireNotRemoved();
      found = name.isDots() ? above.parent : names.find(name);
      if (found == null) {
        throw new FsException(Errno.ENOENT);
      }
      found.addLookups(1);
    } finally {
      above.lock.unlockRead(stamp);
    }
    return found.entry();
  }

  private static Entry itself(MemoryNode node) throws FsException {
    long stamp = node.lock.readLock();
    try {
      node.requireAlive();
      if (node.links == 0) {
        throw new FsException(Errno.ESTALE);
      }
      node.addLookups(1);
      return node.refreshed();
    } finally {
      node.lock.unlockRead(stamp);
    }
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
    if (type == FileType.DIRECTORY || type == FileType.SYMLINK) {
      throw new FsException(Errno.EINVAL);
    }
    Object body = type == FileType.REGULAR ? new FileContent(space) : null;
    boolean isDevice = type == FileType.CHARACTER_DEVICE || type == FileType.BLOCK_DEVICE;
    return make(caller, directory, name, type, permissions, isDevice ? device : 0, body);
  }

  @Override
  public Entry mkdir(Caller caller, InodeNumber directory, FileName name, int permissions)
      throws FsException {
    return make(
        caller, directory, name, FileType.DIRECTORY, permissions, 0, new DirectoryContent());
  }

  @Override
  public Entry symlink(Caller caller, InodeNumber directory, FileName name, byte[] target)
      throws FsException {
    if (target.length == 0) {
      throw new FsException(Errno.ENOENT);
    }
    if (target.length > MAX_TARGET_BYTES) {
      throw new FsException(Errno.ENAMETOOLONG);
    }
    return make(caller, directory, name, FileType.SYMLINK, 0777, 0, target.clone());
  }

  private Entry make(
      Caller caller,
      InodeNumber directory,
      FileName name,
      FileType type,
      int permissions,
      int device,
      @Nullable Object body)
      throws FsException {
    MemoryNode above = nodes.get(directory);
    DirectoryContent names = above.names();
    boolean isDirectory = type == FileType.DIRECTORY;
    MemoryNode made;
    long stamp = above.lock.writeLock();
    try {
      above.requireNotRemoved();
      requireFree(names, name);
      if (isDirectory && above.links >= LINK_LIMIT) {
        throw new FsException(Errno.EMLINK);
      }
      Timestamp now = now();
      made = newNode(caller, above, type, permissions, device, body, now);
      made.links = isDirectory ? 2 : 1;
      made.parent = isDirectory ? above : null;
      names.put(name, made);
      above.addLinks(isDirectory ? 1 : 0, now);
      above.touch(now);
    } finally {
      above.lock.unlockWrite(stamp);
    }
    return made.entry();
  }

  @Override
  public Created tmpfile(Caller caller, InodeNumber directory, int permissions, OpenFlags flags)
      throws FsException {
    MemoryNode above = nodes.get(directory);
    above.names();
    long stamp = above.lock.readLock();
    try {
      above.requireNotRemoved();
      MemoryNode made =
          newNode(caller, above, FileType.REGULAR, permissions, 0, new FileContent(space), now());
      made.mayGetFirstName = !flags.exclusive();
      return new Created(made.entry(), opened());
    } finally {
      above.lock.unlockRead(stamp);
    }
  }

  /** A node without a name; the caller holds the directory's lock. */
  private MemoryNode newNode(
      Caller caller,
      MemoryNode above,
      FileType type,
      int permissions,
      int device,
      @Nullable Object body,
      Timestamp now)
      throws FsException {
    ModeAndAcl inheritance = above.inheritance(type, permissions, caller.umask());
    space.takeInode();
    boolean givesSetgid = type == FileType.DIRECTORY && above.inheritsGroup();
    int mode = inheritance.permissions() | (givesSetgid ? Attributes.SETGID : 0);
    int gid = above.gidFor(caller.gid());
    MemoryNode made = nodes.make(type, mode, caller.uid(), gid, device, body, now);
    made.inherit(inheritance, above);
    return made;
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
    MemoryNode node = nodes.get(inode);
    MemoryNode above = nodes.get(directory);
    DirectoryContent names = above.names();
    if (node.isDirectory()) {
      throw new FsException(Errno.EPERM);
    }
    try (NodeLocks held = NodeLocks.write(node, above)) {
      node.requireLinkable();
      above.requireNotRemoved();
      requireFree(names, name);
      if (node.links >= LINK_LIMIT) {
        throw new FsException(Errno.EMLINK);
      }
      Timestamp now = now();
      names.put(name, node);
      above.touch(now);
      node.addLinks(1, now);
      node.mayGetFirstName = false;
      node.addLookups(1);
      return node.refreshed();
    }
  }

  private static void requireFree(DirectoryContent names, FileName name) throws FsException {
    if (name.isDots() || names.find(name) != null) {
      throw new FsException(Errno.EEXIST);
    }
  }

  @Override
  public void unlink(Caller caller, InodeNumber directory, FileName name) throws FsException {
    if (name.isDots()) {
      throw new FsException(Errno.EISDIR);
    }
    remove(new MemoryRename.Place(nodes.get(directory), name), false);
  }

  @Override
  public void rmdir(Caller caller, InodeNumber directory, FileName name) throws FsException {
    if (name.isDots()) {
      throw new FsException(name.equals(FileName.DOT) ? Errno.EINVAL : Errno.ENOTEMPTY);
    }
    remove(new MemoryRename.Place(nodes.get(directory), name), true);
  }

  private void remove(MemoryRename.Place place, boolean wantDirectory) throws FsException {
    while (true) {
      MemoryNode node = place.look();
      if (node == null) {
        throw new FsException(Errno.ENOENT);
      }
      if (node.isDirectory() != wantDirectory) {
        throw new FsException(wantDirectory ? Errno.ENOTDIR : Errno.EISDIR);
      }
      try (NodeLocks held = NodeLocks.write(place.directory(), node)) {
        if (place.find() == node) {
          removeLocked(place, node);
          return;
        }
      }
    }
  }

  private void removeLocked(MemoryRename.Place place, MemoryNode node) throws FsException {
    if (node.isDirectory() && !node.names().isEmpty()) {
      throw new FsException(Errno.ENOTEMPTY);
    }
    Timestamp now = now();
    place.directory().names().remove(place.name());
    place.directory().addLinks(node.isDirectory() ? -1 : 0, now);
    place.directory().touch(now);
    node.addLinks(node.isDirectory() ? -node.links : -1, now);
    nodes.freeIfUnused(node);
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
    return nodes.get(inode).entry().attributes();
  }

  @Override
  public Attributes setattr(Caller caller, InodeNumber inode, AttributeChange change)
      throws FsException {
    MemoryNode node = nodes.get(inode);
    long stamp = node.lock.writeLock();
    try {
      node.requireAlive();
      node.apply(change, now());
      return node.refreshed().attributes();
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
    requireOffset(offsetBytes);
    MemoryNode node = nodes.get(inode);
    FileContent content = node.content();
    long stamp = node.lock.readLock();
    try {
      node.requireAlive();
      return content.read(offsetBytes, into);
    } finally {
      node.lock.unlockRead(stamp);
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
    MemoryNode node = nodes.get(inode);
    FileContent content = node.content();
    int length = data.remaining();
    if (length == 0) {
      return 0;
    }
    long stamp = node.lock.writeLock();
    try {
      node.requireAlive();
      content.write(offsetBytes, data);
      node.lose(loss);
      node.touch(now());
      return length;
    } finally {
      node.lock.unlockWrite(stamp);
    }
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
    MemoryNode node = nodes.get(inode);
    if (!node.isDirectory() && node.type != FileType.REGULAR) {
      throw new FsException(Errno.ENODEV);
    }
    FileContent content = node.content();
    if (lengthBytes <= 0) {
      throw new FsException(Errno.EINVAL);
    }
    long stamp = node.lock.writeLock();
    try {
      node.requireAlive();
      content.allocate(mode, offsetBytes, lengthBytes);
      node.lose(PrivilegeLoss.by(caller));
      node.touch(now());
    } finally {
      node.lock.unlockWrite(stamp);
    }
  }

  @Override
  public long seek(
      Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, SeekTarget target)
      throws FsException {
    MemoryNode node = nodes.get(inode);
    FileContent content = node.content();
    long stamp = node.lock.readLock();
    try {
      node.requireAlive();
      return content.seek(offsetBytes, target);
    } finally {
      node.lock.unlockRead(stamp);
    }
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
    requireOffset(fromOffsetBytes);
    requireOffset(toOffsetBytes);
    requireOffset(lengthBytes);
    MemoryNode source = nodes.get(from);
    MemoryNode target = nodes.get(to);
    FileContent sourceContent = source.content();
    FileContent targetContent = target.content();
    if (source == target && Math.abs(fromOffsetBytes - toOffsetBytes) < lengthBytes) {
      throw new FsException(Errno.EINVAL);
    }
    try (NodeLocks held = NodeLocks.write(source, target)) {
      source.requireAlive();
      target.requireAlive();
      long copied =
          sourceContent.copyTo(targetContent, fromOffsetBytes, toOffsetBytes, lengthBytes);
      if (copied > 0) {
        target.lose(PrivilegeLoss.by(caller));
        target.touch(now());
      }
      return copied;
    }
  }

  private static void requireOffset(long offsetBytes) throws FsException {
    if (offsetBytes < 0) {
      throw new FsException(Errno.EINVAL);
    }
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
    list(directory, cookie, false, (entry, node) -> sink.accept(entry));
  }

  @Override
  public void readdirplus(
      Caller caller, InodeNumber directory, FileHandle handle, long cookie, LookupSink sink)
      throws FsException {
    list(
        directory,
        cookie,
        true,
        (entry, node) -> sink.accept(entry, node == null ? null : node.entry()));
  }

  /** Takes a line of a listing, and its node unless it is {@code .} or {@code ..}. */
  @FunctionalInterface
  private interface LineSink {
    boolean accept(DirectoryEntry entry, @Nullable MemoryNode node);
  }

  private void list(InodeNumber directory, long cookie, boolean countLookups, LineSink sink)
      throws FsException {
    MemoryNode above = nodes.get(directory);
    above.names();
    above.read(accessTimes, clock);
    if (!listDots(above, cookie, sink)) {
      return;
    }
    long at = Math.max(cookie, DirectoryContent.DOT_DOT_COOKIE);
    while (true) {
      List<DirectoryContent.Listed> batch = batchAfter(above, at, countLookups);
      for (int i = 0; i < batch.size(); i++) {
        DirectoryContent.Listed line = batch.get(i);
        if (!sink.accept(entryOf(line), line.node())) {
          if (countLookups) {
            batch.subList(i, batch.size()).forEach(left -> forget(left.node().number, 1));
          }
          return;
        }
        at = line.cookie();
      }
      if (batch.size() < LISTING_BATCH) {
        return;
      }
    }
  }

  private static boolean listDots(MemoryNode above, long cookie, LineSink sink) {
    MemoryNode parent = above.parent;
    return (cookie >= DirectoryContent.DOT_COOKIE
            || sink.accept(dots(above, FileName.DOT, DirectoryContent.DOT_COOKIE), null))
        && (cookie >= DirectoryContent.DOT_DOT_COOKIE
            || parent == null
            || sink.accept(dots(parent, FileName.DOT_DOT, DirectoryContent.DOT_DOT_COOKIE), null));
  }

  private static DirectoryEntry dots(MemoryNode node, FileName name, long cookie) {
    return new DirectoryEntry(node.number, FileType.DIRECTORY, name, cookie);
  }

  private static DirectoryEntry entryOf(DirectoryContent.Listed line) {
    return new DirectoryEntry(line.node().number, line.node().type, line.name(), line.cookie());
  }

  private static List<DirectoryContent.Listed> batchAfter(
      MemoryNode above, long cookie, boolean countLookups) throws FsException {
    List<DirectoryContent.Listed> batch = new ArrayList<>(LISTING_BATCH);
    long stamp = above.lock.readLock();
    try {
      above.requireAlive();
      above.names().list(cookie, LISTING_BATCH, batch);
      if (countLookups) {
        for (DirectoryContent.Listed line : batch) {
          line.node().addLookups(1);
        }
      }
    } finally {
      above.lock.unlockRead(stamp);
    }
    return batch;
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
