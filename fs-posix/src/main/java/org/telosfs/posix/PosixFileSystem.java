package org.telosfs.posix;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.telosfs.block.Key;
import org.telosfs.block.volume.Purpose;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeStats;
import org.telosfs.posix.format.PosixFormatException;
import org.telosfs.posix.format.PosixHeader;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.posix.format.QuotaSubject;
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
  private static final int BLOCK_BYTES = 4096;

  /** For so many blocks of data one is kept for the map that will describe them. */
  private static final int NODE_SHARE = 16;

  /** A copy takes turns with other operations, so that what waits in memory stays bounded. */
  private static final long COPY_BYTES_AT_ONCE = 8L << 20;

  /** Blocks that an inode with a name takes in the map, roughly; for the number of free inodes. */
  private static final int INODES_PER_BLOCK = 8;

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
  private final Privileges privileges;
  private final ContentReader reader;
  private final FileContent content;
  private final FileAllocation allocation;
  private final DataAndHoles holes;
  private final PageFlush flush;
  private final RangeCopy copying;
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
    this.reader = new ContentReader(volume);
    this.content = new FileContent(volume, epochs, clock, pool);
    this.allocation = new FileAllocation(volume, epochs, content, clock);
    this.holes = new DataAndHoles(volume);
    this.flush = new PageFlush(volume, epochs, pool);
    this.copying = new RangeCopy(volume, content, reader, flush, clock);
    InodeNumbers numbers = new InodeNumbers(header);
    this.names = new NamespaceOperations(volume, table, locks, numbers, clock);
    this.renames = new RenameOperation(volume, table, locks, names, clock);
    this.attributes = new AttributeOperations(volume, table, locks, content, flush, clock);
    this.xattrs = new XattrOperations(volume, table, locks, clock);
    this.privileges = new Privileges(volume);
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
    return reading(() -> names.lookup(directory, name), directory);
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
    return changing(
        () -> names.make(caller, directory, name, type, permissions, device), directory);
  }

  @Override
  public Entry mkdir(Caller caller, InodeNumber directory, FileName name, int permissions)
      throws FsException {
    return changing(
        () -> names.make(caller, directory, name, FileType.DIRECTORY, permissions, 0), directory);
  }

  @Override
  public Entry symlink(Caller caller, InodeNumber directory, FileName name, byte[] target)
      throws FsException {
    return changing(() -> names.symlink(caller, directory, name, target), directory);
  }

  @Override
  public byte[] readlink(Caller caller, InodeNumber inode) throws FsException {
    return reading(
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
    return changing(() -> names.link(inode, directory, name), inode, directory);
  }

  @Override
  public void unlink(Caller caller, InodeNumber directory, FileName name) throws FsException {
    change(() -> names.unlink(directory, name), directory);
  }

  @Override
  public void rmdir(Caller caller, InodeNumber directory, FileName name) throws FsException {
    change(() -> names.rmdir(directory, name), directory);
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
    change(
        () -> renames.rename(caller, oldDirectory, oldName, newDirectory, newName, mode),
        oldDirectory,
        newDirectory);
  }

  // ---- attributes

  @Override
  public Attributes getattr(Caller caller, InodeNumber inode) throws FsException {
    return reading(() -> attributes.getattr(inode), inode);
  }

  @Override
  public Attributes setattr(Caller caller, InodeNumber inode, AttributeChange change)
      throws FsException {
    Long newSize = change.sizeBytes();
    if (newSize != null) {
      freeAhead(inode, FileContent.blocksOf(newSize), Long.MAX_VALUE);
    }
    return changing(
        () -> {
          Attributes after = attributes.setattr(caller, inode, change);
          accessTimes.changed(table.require(inode));
          return after;
        },
        inode);
  }

  /** Keeps the transaction of a cut short where a file is huge. */
  private void freeAhead(InodeNumber inode, long fromBlock, long endBlock) throws FsException {
    boolean done = false;
    while (!done) {
      done =
          changing(
              () -> {
                LiveInode file = table.require(inode);
                try (InodeLocks.Held held = locks.write(inode.value())) {
                  return file.record().type() != FileType.REGULAR
                      || content.freeAhead(file, fromBlock, endBlock);
                }
              },
              inode);
    }
  }

  // ---- content

  @Override
  public Opened open(Caller caller, InodeNumber inode, OpenFlags flags) throws FsException {
    boolean isDirectory = reading(() -> table.require(inode).record().isDirectory(), inode);
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
        changing(
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
    return reading(
        () -> {
          LiveInode file = table.require(inode);
          int bytes = read(file, offsetBytes, into);
          accessTimes.read(file);
          return bytes;
        },
        inode);
  }

  @Override
  public int readUnnoticed(
      Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, ByteBuffer into)
      throws FsException {
    return reading(() -> read(table.require(inode), offsetBytes, into), inode);
  }

  private int read(LiveInode file, long offsetBytes, ByteBuffer into) throws FsException {
    try (InodeLocks.Held held = locks.read(file.value())) {
      return reader.read(file, offsetBytes, into);
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
    int start = data.position();
    int limit = data.limit();
    int end = limit;
    while (true) {
      try {
        return writeAll(caller, inode, offsetBytes, data.limit(end).position(start), loss);
      } catch (FsException refused) {
        boolean full = refused.errno() == Errno.ENOSPC || refused.errno() == Errno.EDQUOT;
        end = start + Math.max(0, shorter(offsetBytes, end - start));
        if (!full || loss == PrivilegeLoss.NONE || end == start) {
          throw refused;
        }
      } finally {
        data.limit(limit);
      }
    }
  }

  /** Of a write that does not fit, about the first half, up to a block's end; may be negative. */
  private static int shorter(long offsetBytes, int bytes) {
    return (int) ((offsetBytes + bytes / 2 & -BLOCK_BYTES) - offsetBytes);
  }

  private int writeAll(
      Caller caller, InodeNumber inode, long offsetBytes, ByteBuffer data, PrivilegeLoss loss)
      throws FsException {
    int start = data.position();
    int limit = data.limit();
    return changing(
        () -> {
          data.limit(limit).position(start);
          LiveInode file = table.require(inode);
          try (InodeLocks.Held held = locks.write(inode.value())) {
            int written = content.write(caller, file, offsetBytes, data);
            if (written > 0) {
              privileges.drop(file, loss);
              accessTimes.changed(file);
            }
            return written;
          }
        },
        inode);
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
    if (mode == AllocateMode.PUNCH_HOLE && offsetBytes >= 0 && lengthBytes > 0) {
      long end = Math.min(offsetBytes, FileContent.MAX_BYTES - lengthBytes) + lengthBytes;
      freeAhead(inode, FileContent.blocksOf(offsetBytes), end / BLOCK_BYTES);
    }
    change(
        () -> {
          LiveInode file = table.require(inode);
          try (InodeLocks.Held held = locks.write(inode.value())) {
            allocation.allocate(caller, file, mode, offsetBytes, lengthBytes);
            privileges.drop(file, PrivilegeLoss.by(caller));
            accessTimes.changed(file);
          }
        },
        inode);
  }

  @Override
  public long seek(
      Caller caller, InodeNumber inode, FileHandle handle, long offsetBytes, SeekTarget target)
      throws FsException {
    return reading(
        () -> {
          LiveInode file = table.require(inode);
          try (InodeLocks.Held held = locks.read(inode.value())) {
            return holes.seek(file, offsetBytes, target);
          }
        },
        inode);
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
    if (from.equals(to) && Math.abs(fromOffsetBytes - toOffsetBytes) < lengthBytes) {
      reading(() -> FileContent.requireContent(table.require(from).record()), from);
      throw new FsException(Errno.EINVAL, "ranges overlap");
    }
    long done = 0;
    long asked;
    do {
      long start = done;
      long length = Math.min(COPY_BYTES_AT_ONCE, lengthBytes - done);
      asked = start + length;
      try {
        done +=
            changing(
                () -> {
                  LiveInode source = table.require(from);
                  LiveInode target = table.require(to);
                  try (InodeLocks.Held held = locks.write(from.value(), to.value())) {
                    long copied =
                        copying.copy(
                            caller,
                            source,
                            fromOffsetBytes + start,
                            target,
                            toOffsetBytes + start,
                            length);
                    if (copied > 0) {
                      privileges.drop(target, PrivilegeLoss.by(caller));
                      accessTimes.changed(target);
                    }
                    return copied;
                  }
                },
                from,
                to);
      } catch (FsException refusal) {
        if (done == 0) {
          throw refusal;
        }
        return done; // As write(2): what was copied counts.
      }
    } while (done == asked && done < lengthBytes);
    return done;
  }

  // ---- directories

  @Override
  public Opened opendir(Caller caller, InodeNumber directory) throws FsException {
    reading(() -> names.requireDirectory(directory), directory);
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
    reading(
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
    reading(
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
    change(() -> xattrs.set(inode, name, value, mode, clearSetgid), inode);
  }

  @Override
  public byte[] getxattr(Caller caller, InodeNumber inode, XattrName name) throws FsException {
    return reading(() -> xattrs.get(inode, name), inode);
  }

  @Override
  public List<XattrName> listxattr(Caller caller, InodeNumber inode) throws FsException {
    return reading(() -> xattrs.list(caller, inode), inode);
  }

  @Override
  public void removexattr(Caller caller, InodeNumber inode, XattrName name) throws FsException {
    change(() -> xattrs.remove(inode, name), inode);
  }

  // ---- the whole

  @Override
  public StatFs statfs(Caller caller, InodeNumber inode) throws FsException {
    int project = reading(() -> table.require(inode).record().project(), inode);
    QuotaReport quota =
        project == 0 ? null : volume.quotas().report(QuotaSubject.directory(project));
    return quota == null ? wholeTree() : quota.within(wholeTree());
  }

  private StatFs wholeTree() {
    orphans.freeUnusedAndWait();
    VolumeStats stats = volume.stats();
    // What tree nodes may need until the next checkpoint, and what waits to become durable, is
    // free: who asks for more than the rest makes the volume fetch it.
    long free =
        Math.max(
            0,
            stats.blocksFree()
                + stats.blocksForNodes()
                + stats.blocksWaiting()
                - stats.blocksReserved());
    long usable = Math.max(0, free - stats.blocksKept() - stats.blocksReserved() / NODE_SHARE);
    long available =
        Math.min(free, Math.max(stats.blocksAvailable(), usable - usable / (NODE_SHARE + 1)));
    return new StatFs(
        BLOCK_BYTES,
        stats.blocksTotal(),
        free,
        available,
        stats.blocksTotal() * INODES_PER_BLOCK,
        available * INODES_PER_BLOCK);
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

  // ---- how every operation runs

  @FunctionalInterface
  private interface Change {
    void run() throws FsException;
  }

  @FunctionalInterface
  private interface Operation<T> {
    T run() throws FsException;
  }

  private void change(Change operation, InodeNumber... inodes) throws FsException {
    changing(
        () -> {
          operation.run();
          return inodes;
        },
        inodes);
  }

  /** A change, which uses the inodes it names for as long as it runs. */
  @CanIgnoreReturnValue
  private <T> T changing(Operation<T> operation, InodeNumber... inodes) throws FsException {
    T result;
    try {
      result = changingOnce(operation, inodes);
    } catch (FsException refused) {
      if (refused.errno() != Errno.ENOSPC || (orphans.isEmpty() && !epochs.mayHoldFreedSpace())) {
        throw refused;
      }
      // What was freed is free once that is durable; an operation that was refused changed nothing.
      orphans.freeUnusedAndWait();
      epochs.sync();
      result = changingOnce(operation, inodes);
    }
    epochs.throttle();
    return result;
  }

  private <T> T changingOnce(Operation<T> operation, InodeNumber... inodes) throws FsException {
    try (Epochs.Entered entered = epochs.enter();
        InodeTable.Uses uses = table.useAll(inodes)) {
      return operation.run();
    } finally {
      orphans.freeIfMany();
    }
  }

  /** What changes nothing needs no epoch. */
  @CanIgnoreReturnValue
  private <T> T reading(Operation<T> operation, InodeNumber... inodes) throws FsException {
    try (InodeTable.Uses uses = table.useAll(inodes)) {
      return operation.run();
    } finally {
      orphans.freeIfMany();
    }
  }
}
