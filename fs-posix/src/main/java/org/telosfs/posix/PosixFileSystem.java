package org.telosfs.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.telosfs.block.Key;
import org.telosfs.block.volume.Purpose;
import org.telosfs.block.volume.Volume;
import org.telosfs.posix.format.PosixFormatException;
import org.telosfs.posix.format.PosixHeader;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.vfs.AccessTimes;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.CacheInvalidator;
import org.telosfs.vfs.Caller;
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
import org.telosfs.vfs.VirtualFileSystem;
import org.telosfs.vfs.XattrMode;
import org.telosfs.vfs.XattrName;

/**
 * A POSIX filesystem on a volume. Every changing operation enters the epoch, locks its inodes, and
 * commits one transaction; reading takes neither. Opening keeps no state. See the package for the
 * order of locks.
 */
public final class PosixFileSystem implements VirtualFileSystem {
  private final FileSystemTraits traits;
  private final PosixVolume volume;
  private final MountHealth health;
  private final Epochs epochs;
  private final InodeLocks locks = new InodeLocks();
  private final InodeTable table;
  private final NamespaceOperations names;
  private final RenameOperation renames;
  private final AttributeOperations attributes;
  private final XattrOperations xattrs;
  private final PageFlush flush;
  private final OperationRuns operations;
  private final FileOperations files;
  private final FreeSpace space;
  private final DirectoryContent directories;
  private final Orphans orphans;
  private final AccessTimeUpdates accessTimes;
  private final Opened opened;
  private final Quotas quotas;

  private PosixFileSystem(Volume base, PosixHeader header, PosixConfig config) {
    FileSystemTraits writing = FileSystemTraits.soleWriter("telosfs");
    this.traits =
        new FileSystemTraits(
            writing.name(),
            config.readOnly(),
            config.accessTimes() != AccessTimes.STRICT,
            writing.posixAcls(),
            writing.entryTimeout(),
            writing.attributeTimeout(),
            writing.negativeTimeout());
    PosixClock clock = new PosixClock(config.clock());
    this.opened = traits.statelessOpen() ? Opened.STATELESS : Opened.uncached(FileHandle.NONE);
    this.health = new MountHealth(config.readOnly());
    this.volume = new PosixVolume(base, health);
    PagePool pool = new PagePool(config.dirtyBytes());
    UnusedInodes unused = new UnusedInodes();
    this.table = new InodeTable(volume, unused, config.idleInodes());
    this.epochs = new Epochs(volume, table, locks, health, config);
    volume.writesBack(epochs::waits, epochs::waitingInodes);
    this.accessTimes = new AccessTimeUpdates(config.accessTimes(), epochs, locks, clock);
    this.orphans = new Orphans(volume, table, unused, epochs, locks, pool);
    FileContent content = new FileContent(volume, epochs, clock, pool);
    this.flush = new PageFlush(volume, epochs, pool);
    this.operations = new OperationRuns(epochs, table, orphans);
    this.files =
        new FileOperations(
            operations, volume, table, locks, epochs, accessTimes, content, flush, clock);
    this.space = new FreeSpace(volume, orphans);
    InodeNumbers numbers = new InodeNumbers(header);
    this.names = new NamespaceOperations(volume, table, locks, numbers, clock);
    this.renames = new RenameOperation(volume, table, locks, names, clock);
    this.attributes = new AttributeOperations(volume, table, locks, content, flush, clock);
    this.xattrs = new XattrOperations(volume, table, locks, clock);
    this.directories = new DirectoryContent(volume, table);
    this.quotas =
        new Quotas(
            volume,
            epochs,
            table,
            new QuotaCount(volume, epochs, numbers),
            new ProjectPassage(volume, table, epochs, locks, flush));
  }

  /**
   * Opens the filesystem of a volume, and frees what a crash has left without a name. The volume
   * belongs to it from now on, unless this fails.
   *
   * @throws PosixFormatException if the volume holds none, or one of a newer program
   * @throws IOException if the volume cannot be read
   */
  public static PosixFileSystem open(Volume volume, PosixConfig config) throws IOException {
    byte[] header = volume.view().get(Key.of(PosixKeys.header()));
    if (header == null) {
      throw new PosixFormatException("the volume holds no TelosFS filesystem");
    }
    PosixHeader found = PosixHeader.decode(header);
    PosixHeader current = found.withFeatures(config.readOnly() ? 0 : PosixHeader.STANDARD_FEATURES);
    PosixFileSystem tree = new PosixFileSystem(volume, current, config);
    try {
      if (current.features() != found.features()) {
        tree.putHeader(current);
      }
      if (found.has(PosixHeader.QUOTAS)) {
        tree.volume.quotas().load(tree.volume.view());
      }
      tree.table.use(InodeNumber.ROOT.value()).keep();
      tree.epochs.start(tree.flush, tree::afterEpoch);
      if (!config.readOnly()) {
        tree.orphans.emptyAll();
        tree.quotas.resume();
      }
    } catch (FsException failed) {
      tree.epochs.close();
      throw new IOException("the filesystem cannot be opened: " + failed.getMessage(), failed);
    }
    return tree;
  }

  private void afterEpoch() {
    orphans.freeUnused();
    accessTimes.tellCaches();
  }

  /** An older program's filesystem is from now on one of this program. */
  private void putHeader(PosixHeader header) throws FsException {
    try (PosixTransaction tx = volume.begin(Purpose.RELEASE)) {
      tx.put(PosixKeys.header(), header.encode());
      tx.commit();
    }
  }

  /**
   * Ends the epoch: everything done before this call is one sealed group's, which survives the
   * process once {@link #syncAll} or the background thread has handed it on.
   */
  public void endEpoch() throws FsException {
    orphans.freeUnused();
    volume.awaitWritten(epochs.end());
    orphans.freeUnused();
  }

  /** Limits of users, groups and directories. */
  public Quotas quotas() {
    return quotas;
  }

  /** In numbers. */
  public PosixStats stats() {
    return new PosixStats(volume.stats(), table.size(), health.readOnlyReason());
  }

  @Override
  public FileSystemTraits traits() {
    return traits;
  }

  @Override
  public void cachedBy(CacheInvalidator cache) {
    accessTimes.cachedBy(cache);
  }

  @Override
  public void noLongerCachedBy(CacheInvalidator cache) {
    accessTimes.noLongerCachedBy(cache);
  }

  // ---- names

  @Override
  public Entry lookup(Caller caller, InodeNumber directory, FileName name) throws FsException {
    return operations.reading(() -> names.lookup(directory, name), directory);
  }

  @Override
  public void forget(InodeNumber inode, long lookups) {
    if (!inode.equals(InodeNumber.ROOT)) {
      table.forget(inode.value(), lookups);
      orphans.freeIfMany();
    }
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
      throw new FsException(Errno.EINVAL, "mknod of a " + type);
    }
    return operations.changing(
        () -> names.make(caller, directory, name, type, permissions, device), directory);
  }

  @Override
  public Entry mkdir(Caller caller, InodeNumber directory, FileName name, int permissions)
      throws FsException {
    return operations.changing(
        () -> names.make(caller, directory, name, FileType.DIRECTORY, permissions, 0), directory);
  }

  @Override
  public Entry symlink(Caller caller, InodeNumber directory, FileName name, byte[] target)
      throws FsException {
    return operations.changing(() -> names.symlink(caller, directory, name, target), directory);
  }

  @Override
  public byte[] readlink(Caller caller, InodeNumber inode) throws FsException {
    return operations.reading(
        () -> {
          byte[] target = names.readlink(inode);
          accessTimes.readTarget(table.require(inode));
          return target;
        },
        inode);
  }

  @Override
  public Entry link(Caller caller, InodeNumber inode, InodeNumber directory, FileName name)
      throws FsException {
    return operations.changing(() -> names.link(inode, directory, name), inode, directory);
  }

  @Override
  public void unlink(Caller caller, InodeNumber directory, FileName name) throws FsException {
    operations.change(() -> names.unlink(directory, name), directory);
  }

  @Override
  public void rmdir(Caller caller, InodeNumber directory, FileName name) throws FsException {
    operations.change(() -> names.rmdir(directory, name), directory);
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
    operations.change(
        () -> renames.rename(caller, oldDirectory, oldName, newDirectory, newName, mode),
        oldDirectory,
        newDirectory);
  }

  // ---- attributes

  @Override
  public Attributes getattr(Caller caller, InodeNumber inode) throws FsException {
    return operations.reading(() -> attributes.getattr(inode), inode);
  }

  @Override
  public Attributes setattr(Caller caller, InodeNumber inode, AttributeChange change)
      throws FsException {
    Long newSize = change.sizeBytes();
    if (newSize != null) {
      files.freeAhead(inode, FileContent.blocksOf(newSize), Long.MAX_VALUE);
    }
    return operations.changing(
        () -> {
          Attributes after = attributes.setattr(caller, inode, change);
          accessTimes.changed(table.require(inode));
          return after;
        },
        inode);
  }

  // ---- content

  @Override
  public Opened open(Caller caller, InodeNumber inode, OpenFlags flags) throws FsException {
    boolean isDirectory =
        operations.reading(() -> table.require(inode).record().isDirectory(), inode);
    if (isDirectory && flags.writes()) {
      throw new FsException(Errno.EISDIR);
    }
    return opened;
  }

  @Override
  public Created create(
      Caller caller, InodeNumber directory, FileName name, int permissions, OpenFlags flags)
      throws FsException {
    return new Created(mknod(caller, directory, name, FileType.REGULAR, permissions, 0), opened);
  }

  @Override
  public Created tmpfile(Caller caller, InodeNumber directory, int permissions, OpenFlags flags)
      throws FsException {
    Entry made =
        operations.changing(
            () -> names.makeUnnamed(caller, directory, permissions, !flags.exclusive()), directory);
    return new Created(made, opened);
  }

  @Override
  public void release(InodeNumber inode, FileHandle handle) {
    // Opening keeps no state.
  }

  @Override
  public int read(
      Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, ByteBuffer into)
      throws FsException {
    return files.read(inode, offsetBytes, into);
  }

  @Override
  public int readUnnoticed(
      Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, ByteBuffer into)
      throws FsException {
    return files.readUnnoticed(inode, offsetBytes, into);
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
    return files.write(caller, inode, offsetBytes, data, loss);
  }

  @Override
  public void fsync(Caller caller, InodeNumber inode, FileHandle handle, boolean dataOnly)
      throws FsException {
    orphans.freeUnused();
    epochs.sync();
    orphans.freeUnused();
  }

  @Override
  public void syncAll() throws FsException {
    orphans.freeUnused();
    epochs.sync();
    orphans.freeUnused();
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
    files.allocate(caller, inode, mode, offsetBytes, lengthBytes);
  }

  @Override
  public long seek(
      Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, SeekTarget target)
      throws FsException {
    return files.seek(inode, offsetBytes, target);
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
    return files.copyRange(caller, from, fromOffsetBytes, to, toOffsetBytes, lengthBytes);
  }

  // ---- directories

  @Override
  public Opened opendir(Caller caller, InodeNumber directory) throws FsException {
    operations.reading(() -> names.requireDirectory(directory), directory);
    return opened;
  }

  @Override
  public void releasedir(InodeNumber directory, FileHandle handle) {
    // Opening keeps no state.
  }

  @Override
  public void readdir(
      Caller caller, InodeNumber directory, FileHandle handle, long cookie, DirectorySink sink)
      throws FsException {
    operations.reading(
        () -> {
          LiveInode listed = names.requireDirectory(directory);
          directories.list(listed, cookie, sink);
          accessTimes.read(listed);
          return directory;
        },
        directory);
  }

  @Override
  public void readdirplus(
      Caller caller, InodeNumber directory, FileHandle handle, long cookie, LookupSink sink)
      throws FsException {
    operations.reading(
        () -> {
          LiveInode listed = names.requireDirectory(directory);
          directories.listAndLookUp(listed, cookie, sink);
          accessTimes.read(listed);
          return directory;
        },
        directory);
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
    operations.change(() -> xattrs.set(inode, name, value, mode, clearSetgid), inode);
  }

  @Override
  public byte[] getxattr(Caller caller, InodeNumber inode, XattrName name) throws FsException {
    return operations.reading(() -> xattrs.get(inode, name), inode);
  }

  @Override
  public List<XattrName> listxattr(Caller caller, InodeNumber inode) throws FsException {
    return operations.reading(() -> xattrs.list(caller, inode), inode);
  }

  @Override
  public void removexattr(Caller caller, InodeNumber inode, XattrName name) throws FsException {
    operations.change(() -> xattrs.remove(inode, name), inode);
  }

  // ---- the whole

  @Override
  public StatFs statfs(Caller caller, InodeNumber inode) throws FsException {
    int project = operations.reading(() -> table.require(inode).record().project(), inode);
    return space.within(project);
  }

  @Override
  public void close() throws IOException {
    epochs.close();
    try {
      if (health.readOnlyReason() == null) {
        orphans.freeUnused();
        epochs.sync();
      }
    } catch (FsException failed) {
      throw new IOException("not everything could be made durable: " + failed.getMessage(), failed);
    } finally {
      volume.close();
    }
  }
}
