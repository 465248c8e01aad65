package org.telosfs.posix;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.volume.Purpose;
import org.telosfs.posix.format.EntryRecord;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.Timestamp;

/** Names: making, finding, linking and removing them; each one transaction. */
final class NamespaceOperations {
  /** As ext4: what a link count may reach. */
  static final int LINK_LIMIT = 65_000;

  /** Inode numbers are never used again, so one life each. */
  static final long GENERATION = 1;

  static final int TARGET_BYTES = 4095;

  private final PosixVolume volume;
  private final InodeTable table;
  private final InodeLocks locks;
  private final InodeNumbers numbers;
  private final PosixClock clock;

  NamespaceOperations(
      PosixVolume volume,
      InodeTable table,
      InodeLocks locks,
      InodeNumbers numbers,
      PosixClock clock) {
    this.volume = volume;
    this.table = table;
    this.locks = locks;
    this.numbers = numbers;
    this.clock = clock;
  }

  static Entry entry(LiveInode inode) {
    return new Entry(inode.attributes(), GENERATION);
  }

  Entry lookup(InodeNumber directory, FileName name) throws FsException {
    if (name.equals(FileName.DOT)) {
      return itself(directory);
    }
    LiveInode parent = requireDirectory(directory);
    while (true) {
      long target;
      try (InodeLocks.Held held = locks.read(directory.value())) {
        target = resolve(volume.view(), parent, name);
      }
      LiveInode found = table.lookUp(target);
      if (found != null) {
        return entry(found);
      }
      // Removed between the two steps; the name says what is there now.
    }
  }

  private Entry itself(InodeNumber inode) throws FsException {
    try (InodeTable.Use use = table.use(inode.value())) {
      if (use.inode().record().links() == 0) {
        throw new FsException(Errno.ESTALE, "inode " + inode + " has no name left");
      }
      use.keep();
      return entry(use.inode());
    }
  }

  private static long resolve(PosixMap map, LiveInode directory, FileName name) throws FsException {
    if (name.isDots()) {
      return directory.record().parent();
    }
    EntryRecord found = map.entry(directory.value(), name);
    if (found == null) {
      throw new FsException(Errno.ENOENT);
    }
    return found.inode();
  }

  Entry make(
      Caller caller,
      InodeNumber directory,
      FileName name,
      FileType type,
      int permissions,
      int device)
      throws FsException {
    return make(caller, directory, name, type, permissions, device, null);
  }

  Entry symlink(Caller caller, InodeNumber directory, FileName name, byte[] target)
      throws FsException {
    if (target.length == 0) {
      throw new FsException(Errno.ENOENT, "empty symlink target");
    }
    if (target.length > TARGET_BYTES) {
      throw new FsException(Errno.ENAMETOOLONG, "symlink target of " + target.length + " bytes");
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
      byte @Nullable [] target)
      throws FsException {
    LiveInode parent = requireDirectory(directory);
    try (InodeLocks.Held held = locks.write(directory.value());
        PosixTransaction tx = volume.begin(Purpose.GROW).paidBy(caller)) {
      List<EntryRecord> sameHash = requireRoomForName(parent, tx, name);
      if (type == FileType.DIRECTORY) {
        requireOneMoreLink(parent.record());
      }
      Timestamp now = clock.now();
      long number = numbers.next(tx);
      int targetBytes = target == null ? 0 : target.length;
      InodeRecord record =
          newInode(tx, caller, parent, number, type, permissions, device, targetBytes, now);
      if (target != null) {
        tx.put(PosixKeys.symlink(number), target);
      }
      addEntry(tx, parent, name, number, type, sameHash, now);
      boolean stored = tx.makeInode(number, record);
      // In the table before its name can be seen, since the volume may have no record of it yet.
      try (InodeTable.Use use = table.add(number, record, stored)) {
        tx.commit();
        if (!stored) {
          volume.isAhead(use.inode());
        }
        use.keep();
        return entry(use.inode());
      }
    }
  }

  /** An inode with the rights that {@code parent} gives to what is made in it. */
  private static InodeRecord newInode(
      PosixTransaction tx,
      Caller caller,
      LiveInode parent,
      long number,
      FileType type,
      int permissions,
      int device,
      int targetBytes,
      Timestamp now)
      throws FsException {
    InheritedAcls inherited = InheritedAcls.in(parent, tx, type, permissions, caller.umask());
    InodeRecord record =
        CreationRules.newInode(
            caller, parent.record(), parent.value(), type, inherited, device, targetBytes, now);
    inherited.put(tx, number);
    return record;
  }

  /** Makes a regular file that is an orphan from the start. */
  Entry makeUnnamed(Caller caller, InodeNumber directory, int permissions, boolean mayGetName)
      throws FsException {
    LiveInode parent = requireDirectory(directory);
    try (InodeLocks.Held held = locks.read(directory.value());
        PosixTransaction tx = volume.begin(Purpose.GROW).paidBy(caller)) {
      requireNotRemoved(parent);
      Timestamp now = clock.now();
      long number = numbers.next(tx);
      InodeRecord named =
          newInode(tx, caller, parent, number, FileType.REGULAR, permissions, 0, 0, now);
      InodeRecord record = named.withLinks(0, now);
      tx.putInode(number, record);
      tx.put(PosixKeys.orphan(number), new byte[0]);
      tx.commit();
      try (InodeTable.Use use = table.add(number, record, true)) {
        use.inode().setMayGetFirstName(mayGetName);
        use.keep();
        return entry(use.inode());
      }
    }
  }

  /**
   * Leaves a whiteout, as overlayfs has it: a character device 0 without permissions.
   *
   * @return the number of the new inode, which has one name
   */
  long putWhiteout(PosixTransaction tx, Caller caller, LiveInode parent, Timestamp now)
      throws FsException {
    long number = numbers.next(tx);
    tx.putInode(
        number,
        CreationRules.newInode(
            caller,
            parent.record(),
            parent.value(),
            FileType.CHARACTER_DEVICE,
            new InheritedAcls(0, null, null),
            0,
            0,
            now));
    return number;
  }

  Entry link(InodeNumber inode, InodeNumber directory, FileName name) throws FsException {
    LiveInode target = table.require(inode);
    LiveInode parent = requireDirectory(directory);
    try (InodeLocks.Held held = locks.write(inode.value(), directory.value());
        PosixTransaction tx = volume.begin(Purpose.GROW)) {
      InodeRecord record = target.record();
      if (record.isDirectory()) {
        throw new FsException(Errno.EPERM, "hard link to a directory");
      }
      if (record.links() == 0 && !target.mayGetFirstName()) {
        throw new FsException(Errno.ENOENT, "inode " + inode + " has no name left");
      }
      List<EntryRecord> sameHash = requireRoomForName(parent, tx, name);
      QuotaTable.requireSameProject(record, parent.record());
      requireOneMoreLink(record);
      Timestamp now = clock.now();
      tx.update(target, record.withLinks(record.links() + 1, now));
      addEntry(tx, parent, name, target.value(), record.type(), sameHash, now);
      tx.commit();
      target.setMayGetFirstName(false);
      table.lookedUpAgain(target);
      return entry(target);
    }
  }

  void unlink(InodeNumber directory, FileName name) throws FsException {
    LiveInode parent = requireDirectory(directory);
    if (name.isDots()) {
      throw new FsException(Errno.EISDIR, name.toString());
    }
    while (!unlinkOnce(parent, name)) {
      // Something else took the name meanwhile; look again.
    }
  }

  private boolean unlinkOnce(LiveInode parent, FileName name) throws FsException {
    long number = peek(parent, name);
    try (InodeTable.@Nullable Use use = table.useIfExists(number)) {
      return use != null && unlinkUsed(parent, name, use.inode());
    }
  }

  private boolean unlinkUsed(LiveInode parent, FileName name, LiveInode target) throws FsException {
    long number = target.value();
    try (InodeLocks.Held held = locks.write(parent.value(), number);
        PosixTransaction tx = volume.begin(Purpose.RELEASE)) {
      EntryRecord there = tx.removeEntry(parent.value(), name);
      if (there == null || there.inode() != number) {
        return false;
      }
      if (target.record().isDirectory()) {
        throw new FsException(Errno.EISDIR, name.toString());
      }
      Timestamp now = clock.now();
      lostEntry(tx, parent, there, now);
      dropName(tx, target, now);
      tx.commit();
      return true;
    }
  }

  void rmdir(InodeNumber directory, FileName name) throws FsException {
    LiveInode parent = requireDirectory(directory);
    if (name.isDots()) {
      throw new FsException(name.length() == 1 ? Errno.EINVAL : Errno.ENOTEMPTY, name.toString());
    }
    while (!rmdirOnce(parent, name)) {
      // Something else took the name meanwhile; look again.
    }
  }

  private boolean rmdirOnce(LiveInode parent, FileName name) throws FsException {
    long number = peek(parent, name);
    try (InodeTable.@Nullable Use use = table.useIfExists(number)) {
      return use != null && rmdirUsed(parent, name, use.inode());
    }
  }

  private boolean rmdirUsed(LiveInode parent, FileName name, LiveInode target) throws FsException {
    long number = target.value();
    try (InodeLocks.Held held = locks.write(parent.value(), number);
        PosixTransaction tx = volume.begin(Purpose.RELEASE)) {
      EntryRecord there = tx.removeEntry(parent.value(), name);
      if (there == null || there.inode() != number) {
        return false;
      }
      requireEmptyDirectory(target);
      Timestamp now = clock.now();
      lostEntry(tx, parent, there, now);
      dropName(tx, target, now);
      tx.commit();
      return true;
    }
  }

  byte[] readlink(InodeNumber inode) throws FsException {
    LiveInode link = table.require(inode);
    if (link.record().type() != FileType.SYMLINK) {
      throw new FsException(Errno.EINVAL, "inode " + inode + " is no symbolic link");
    }
    byte[] target = volume.view().get(PosixKeys.symlink(inode.value()));
    if (target == null) {
      throw new FsException(Errno.EIO, "symbolic link " + inode + " has lost its target");
    }
    return target.clone();
  }

  // ---- shared with RenameOperation

  LiveInode requireDirectory(InodeNumber number) throws FsException {
    LiveInode inode = table.require(number);
    if (!inode.record().isDirectory()) {
      throw new FsException(Errno.ENOTDIR);
    }
    return inode;
  }

  /** The inode of a name as it is now, without a lock to hold it. */
  long peek(LiveInode directory, FileName name) throws FsException {
    EntryRecord there = volume.view().entry(directory.value(), name);
    if (there == null) {
      throw new FsException(Errno.ENOENT);
    }
    return there.inode();
  }

  static void requireEmptyDirectory(LiveInode inode) throws FsException {
    if (!inode.record().isDirectory()) {
      throw new FsException(Errno.ENOTDIR);
    }
    if (inode.record().entries() > 0) {
      throw new FsException(Errno.ENOTEMPTY);
    }
  }

  static void requireOneMoreLink(InodeRecord record) throws FsException {
    if (record.links() >= LINK_LIMIT) {
      throw new FsException(Errno.EMLINK, record.links() + " links");
    }
  }

  static void requireNotRemoved(LiveInode directory) throws FsException {
    if (directory.record().links() == 0) {
      throw new FsException(Errno.ENOENT, "the directory has been removed");
    }
  }

  /** The entries that have the hash of a name that is free. */
  private static List<EntryRecord> requireRoomForName(LiveInode parent, PosixMap map, FileName name)
      throws FsException {
    requireNotRemoved(parent);
    List<EntryRecord> sameHash = map.entriesOfHash(parent.value(), name);
    if (name.isDots() || PosixMap.entryOf(sameHash, name) != null) {
      throw new FsException(Errno.EEXIST);
    }
    return sameHash;
  }

  /** Adds a name that is not there. */
  private static void addEntry(
      PosixTransaction tx,
      LiveInode directory,
      FileName name,
      long inode,
      FileType type,
      List<EntryRecord> sameHash,
      Timestamp now)
      throws FsException {
    InodeRecord before = directory.record();
    long cookie = before.nextCookie();
    tx.putEntry(directory.value(), new EntryRecord(inode, cookie, type, name), sameHash);
    int links = before.links() + (type == FileType.DIRECTORY ? 1 : 0);
    tx.update(directory, before.withEntries(before.entries() + 1, cookie + 1, links, now));
  }

  /** A directory has lost a name. */
  private static void lostEntry(
      PosixTransaction tx, LiveInode directory, EntryRecord entry, Timestamp now) {
    InodeRecord before = directory.record();
    int links = before.links() - (entry.type() == FileType.DIRECTORY ? 1 : 0);
    tx.update(directory, before.withEntries(before.entries() - 1, before.nextCookie(), links, now));
  }

  /** Takes one name from an inode; the last one makes it an orphan until nobody uses it. */
  static void dropName(PosixTransaction tx, LiveInode inode, Timestamp now) {
    InodeRecord before = inode.record();
    int links = before.isDirectory() ? 0 : before.links() - 1;
    tx.update(inode, before.withLinks(links, now));
  }
}
