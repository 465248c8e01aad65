package org.telosfs.posix;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.volume.Purpose;
import org.telosfs.posix.format.EntryRecord;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.RenameMode;
import org.telosfs.vfs.Timestamp;

/** rename(2) and renameat2(2): one transaction over up to two directories and two inodes. */
final class RenameOperation {
  private final PosixVolume volume;
  private final InodeTable table;
  private final InodeLocks locks;
  private final NamespaceOperations names;
  private final PosixClock clock;

  /**
   * Held while a directory changes its parent, so that the chain of parents stands still while it
   * is walked. Taken before any inode's lock.
   */
  private final ReentrantLock moves = new ReentrantLock();

  RenameOperation(
      PosixVolume volume,
      InodeTable table,
      InodeLocks locks,
      NamespaceOperations names,
      PosixClock clock) {
    this.volume = volume;
    this.table = table;
    this.locks = locks;
    this.names = names;
    this.clock = clock;
  }

  void rename(
      Caller caller,
      InodeNumber oldDirectory,
      FileName oldName,
      InodeNumber newDirectory,
      FileName newName,
      RenameMode mode)
      throws FsException {
    LiveInode from = names.requireDirectory(oldDirectory);
    LiveInode to = names.requireDirectory(newDirectory);
    if (oldName.isDots() || newName.isDots()) {
      throw new FsException(mode.keepsNewName() ? Errno.EEXIST : Errno.EBUSY);
    }
    boolean acrossDirectories = from != to;
    if (acrossDirectories) {
      moves.lock();
    }
    try {
      while (!renameOnce(caller, from, oldName, to, newName, mode)) {
        // A name changed between looking and locking; look again.
      }
    } finally {
      if (acrossDirectories) {
        moves.unlock();
      }
    }
  }

  private boolean renameOnce(
      Caller caller,
      LiveInode from,
      FileName oldName,
      LiveInode to,
      FileName newName,
      RenameMode mode)
      throws FsException {
    long moving = names.peek(from, oldName);
    EntryRecord inTheWay = volume.view().entry(to.value(), newName);
    long replaced = inTheWay == null ? 0 : inTheWay.inode();
    long inTheWayOrMoving = replaced == 0 ? moving : replaced;
    try (InodeTable.@Nullable Use movingUse = table.useIfExists(moving);
        InodeTable.@Nullable Use replacedUse = table.useIfExists(inTheWayOrMoving)) {
      return movingUse != null
          && replacedUse != null
          && renameUsed(
              caller,
              new Place(from, oldName),
              new Place(to, newName),
              mode,
              movingUse.inode(),
              replaced == 0 ? null : replacedUse.inode());
    }
  }

  /** A name in a directory, whether it exists or not. */
  private record Place(LiveInode directory, FileName name) {
    @Nullable EntryRecord in(PosixMap map) throws FsException {
      return map.entry(directory.value(), name);
    }
  }

  private boolean renameUsed(
      Caller caller,
      Place from,
      Place to,
      RenameMode mode,
      LiveInode moving,
      @Nullable LiveInode replaced)
      throws FsException {
    Purpose purpose =
        mode == RenameMode.REPLACE && replaced != null ? Purpose.RELEASE : Purpose.GROW;
    try (InodeLocks.Held held =
            locks.write(
                from.directory().value(),
                to.directory().value(),
                moving.value(),
                (replaced == null ? moving : replaced).value());
        PosixTransaction tx = volume.begin(purpose).paidBy(caller)) {
      EntryRecord source = from.in(tx);
      EntryRecord target = to.in(tx);
      if (source == null
          || source.inode() != moving.value()
          || (target == null ? 0 : target.inode()) != (replaced == null ? 0 : replaced.value())) {
        return false;
      }
      NamespaceOperations.requireNotRemoved(to.directory());
      Move move =
          new Move(from.directory(), to.directory(), source, target, to.name(), moving, replaced);
      if (target != null && mode.keepsNewName()) {
        throw new FsException(Errno.EEXIST);
      }
      switch (mode) {
        case REPLACE, NO_REPLACE -> replace(tx, move, null);
        case WHITEOUT, WHITEOUT_NO_REPLACE -> replace(tx, move, caller);
        case EXCHANGE -> exchange(tx, move);
      }
      return true;
    }
  }

  /** Everything a rename is about, looked up and locked. */
  private record Move(
      LiveInode from,
      LiveInode to,
      EntryRecord source,
      @Nullable EntryRecord target,
      FileName newName,
      LiveInode moving,
      @Nullable LiveInode replaced) {
    boolean acrossDirectories() {
      return from != to;
    }
  }

  /**
   * Moves the name.
   *
   * @param whiteoutFor whose whiteout the old name becomes, if any
   */
  private void replace(PosixTransaction tx, Move move, @Nullable Caller whiteoutFor)
      throws FsException {
    LiveInode moving = move.moving();
    LiveInode replaced = move.replaced();
    if (moving == replaced) {
      return; // Two names of one inode: POSIX says that nothing happens.
    }
    boolean directory = moving.record().isDirectory();
    requireMovable(move, moving);
    if (directory && move.acrossDirectories()) {
      requireNotBelow(move.to(), moving);
    }
    if (replaced != null) {
      requireReplaceable(directory, replaced);
    } else if (directory && move.acrossDirectories()) {
      NamespaceOperations.requireOneMoreLink(move.to().record());
    }
    Timestamp now = clock.now();
    // Each step changes a directory's record; the second starts from what the first made of it.
    Directories directories = new Directories(move);
    if (whiteoutFor == null) {
      directories.remove(tx, move.from(), move.source(), now);
    } else {
      long whiteout = names.putWhiteout(tx, whiteoutFor, move.from(), now);
      directories.lead(tx, move.from(), move.source(), whiteout, FileType.CHARACTER_DEVICE, now);
    }
    EntryRecord target = move.target();
    if (replaced != null && target != null) {
      directories.lead(tx, move.to(), target, moving, now);
      NamespaceOperations.dropName(tx, replaced, now);
    } else {
      directories.add(tx, move.to(), move.newName(), moving, now);
    }
    directories.update(tx);
    tx.update(moving, moved(moving, move.to(), now));
    tx.commit();
  }

  private void exchange(PosixTransaction tx, Move move) throws FsException {
    LiveInode moving = move.moving();
    LiveInode other = move.replaced();
    EntryRecord target = move.target();
    if (other == null || target == null) {
      throw new FsException(Errno.ENOENT);
    }
    if (moving == other) {
      return;
    }
    requireMovable(move, moving);
    requireMovable(move, other);
    if (move.acrossDirectories()) {
      requireExchangeable(move.to(), moving, other);
      requireExchangeable(move.from(), other, moving);
    }
    Timestamp now = clock.now();
    Directories directories = new Directories(move);
    directories.lead(tx, move.to(), target, moving, now);
    directories.lead(tx, move.from(), move.source(), other, now);
    directories.update(tx);
    tx.update(moving, moved(moving, move.to(), now));
    tx.update(other, moved(other, move.from(), now));
    tx.commit();
  }

  private void requireMovable(Move move, LiveInode moving) throws FsException {
    if (move.acrossDirectories()) {
      volume.quotas().requireMovable(moving.record(), move.from().record(), move.to().record());
    }
  }

  /** {@code moving} takes the place of {@code other} in {@code directory}. */
  private void requireExchangeable(LiveInode directory, LiveInode moving, LiveInode other)
      throws FsException {
    if (moving.record().isDirectory()) {
      requireNotBelow(directory, moving);
      if (!other.record().isDirectory()) {
        NamespaceOperations.requireOneMoreLink(directory.record());
      }
    }
  }

  private static void requireReplaceable(boolean byDirectory, LiveInode replaced)
      throws FsException {
    if (byDirectory) {
      NamespaceOperations.requireEmptyDirectory(replaced);
    } else if (replaced.record().isDirectory()) {
      throw new FsException(Errno.EISDIR);
    }
  }

  /** Walks up from {@code directory}: {@code moving} must not be on the way. */
  private void requireNotBelow(LiveInode directory, LiveInode moving) throws FsException {
    long at = directory.value();
    while (true) {
      if (at == moving.value()) {
        throw new FsException(Errno.EINVAL, "a directory cannot be moved below itself");
      }
      if (at == InodeNumber.ROOT.value()) {
        return;
      }
      try (InodeTable.Use use = table.use(at)) {
        at = use.inode().record().parent();
      }
    }
  }

  private static InodeRecord moved(LiveInode inode, LiveInode directory, Timestamp now) {
    InodeRecord record = inode.record();
    return record.isDirectory()
        ? record.withParent(directory.value(), now)
        : record.withLinks(record.links(), now);
  }

  /** The records of the one or two directories while a transaction changes them step by step. */
  private static final class Directories {
    private final LiveInode from;
    private final LiveInode to;
    private InodeRecord fromRecord;
    private InodeRecord toRecord;

    Directories(Move move) {
      this.from = move.from();
      this.to = move.to();
      this.fromRecord = from.record();
      this.toRecord = to.record();
    }

    void remove(PosixTransaction tx, LiveInode directory, EntryRecord entry, Timestamp now)
        throws FsException {
      tx.removeEntry(directory.value(), entry.name());
      InodeRecord before = recordOf(directory);
      int links = before.links() - (entry.type() == FileType.DIRECTORY ? 1 : 0);
      note(directory, before.withEntries(before.entries() - 1, before.nextCookie(), links, now));
    }

    void add(
        PosixTransaction tx, LiveInode directory, FileName name, LiveInode inode, Timestamp now)
        throws FsException {
      InodeRecord before = recordOf(directory);
      FileType type = inode.record().type();
      long cookie = before.nextCookie();
      tx.putEntry(directory.value(), new EntryRecord(inode.value(), cookie, type, name));
      int links = before.links() + (type == FileType.DIRECTORY ? 1 : 0);
      note(directory, before.withEntries(before.entries() + 1, cookie + 1, links, now));
    }

    void lead(
        PosixTransaction tx, LiveInode directory, EntryRecord entry, LiveInode inode, Timestamp now)
        throws FsException {
      lead(tx, directory, entry, inode.value(), inode.record().type(), now);
    }

    /** A name that exists leads elsewhere; its place in listings stays, as a listing promises. */
    void lead(
        PosixTransaction tx,
        LiveInode directory,
        EntryRecord entry,
        long inode,
        FileType type,
        Timestamp now)
        throws FsException {
      tx.removeEntry(directory.value(), entry.name());
      tx.putEntry(directory.value(), new EntryRecord(inode, entry.cookie(), type, entry.name()));
      InodeRecord before = recordOf(directory);
      int links =
          before.links()
              + (type == FileType.DIRECTORY ? 1 : 0)
              - (entry.type() == FileType.DIRECTORY ? 1 : 0);
      note(directory, before.withEntries(before.entries(), before.nextCookie(), links, now));
    }

    void update(PosixTransaction tx) {
      tx.update(from, fromRecord);
      if (to != from) {
        tx.update(to, toRecord);
      }
    }

    private InodeRecord recordOf(LiveInode directory) {
      return directory == from ? fromRecord : toRecord;
    }

    private void note(LiveInode directory, InodeRecord record) {
      if (directory == from) {
        fromRecord = record;
      } else {
        toRecord = record;
      }
    }
  }
}
