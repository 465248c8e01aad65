package org.telosfs.posix;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.DataExtent;
import org.telosfs.block.Key;
import org.telosfs.block.tree.BTree;
import org.telosfs.block.volume.GatheredWrite;
import org.telosfs.block.volume.Reservation;
import org.telosfs.block.volume.StoredExtent;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeTransaction;
import org.telosfs.posix.format.EntryRecord;
import org.telosfs.posix.format.FileExtentRecord;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/**
 * A transaction of the volume in the filesystem's own terms; reads its own writes. Committed or
 * discarded exactly once; used by one thread.
 */
final class PosixTransaction implements PosixMap, AutoCloseable {
  private final PosixVolume owner;
  private final Volume volume;
  private final VolumeTransaction tx;
  private final PosixMap rows;
  private final List<Runnable> onCommit = new ArrayList<>(0);

  /** An inode and the record that it gets. */
  private record Update(LiveInode inode, InodeRecord record) {}

  private final List<Update> updates = new ArrayList<>(2);
  private @Nullable GatheredWrite gathered;
  private @Nullable SharedBlocks sharedBlocks;

  /** Null as long as no quota was ever set. */
  private final @Nullable QuotaCharge charge;

  PosixTransaction(PosixVolume owner, Volume volume, VolumeTransaction tx) {
    this.owner = owner;
    this.volume = volume;
    this.tx = tx;
    this.rows = owner.new Rows(tx);
    this.charge = owner.quotas().isStarted() ? new QuotaCharge(owner.quotas(), owner.view()) : null;
  }

  @Override
  public byte @Nullable [] get(byte[] key) throws FsException {
    return rows.get(key);
  }

  @Override
  public @Nullable Row floor(byte[] key) throws FsException {
    return rows.floor(key);
  }

  @Override
  public @Nullable Row ceiling(byte[] key) throws FsException {
    return rows.ceiling(key);
  }

  @Override
  public Walk walk(byte[] from, byte[] end) throws FsException {
    return rows.walk(from, end);
  }

  void put(byte[] key, byte[] value) {
    tx.put(Key.of(key), value);
  }

  void delete(byte[] key) {
    tx.delete(Key.of(key));
  }

  /** Puts a new inode, which is no orphan. */
  void putInode(long inode, InodeRecord record) {
    put(PosixKeys.inode(inode), record.encode());
    if (charge != null) {
      charge.put(inode, record);
    }
  }

  /** Puts an inode's record, and whether it is an orphan; its lock is held exclusively. */
  void putInode(LiveInode inode, InodeRecord record) {
    putInode(inode.value(), record);
    boolean orphan = record.links() == 0;
    if (orphan && !inode.isStoredAsOrphan()) {
      put(PosixKeys.orphan(inode.value()), new byte[0]);
    } else if (!orphan && inode.isStoredAsOrphan()) {
      delete(PosixKeys.orphan(inode.value()));
    }
  }

  /**
   * The inode, whose lock is held exclusively, has this record once the transaction is committed.
   * The end of the epoch puts it, so that many changes of one inode are put once; but where quotas
   * count, it is put now.
   */
  void update(LiveInode inode, InodeRecord record) {
    updates.add(new Update(inode, record));
    if (charge != null) {
      putInode(inode, record);
    }
  }

  /**
   * As {@link #update} for an inode that this transaction makes and that is in nobody's reach yet;
   * false if its record is to be put by the end of the epoch.
   */
  boolean makeInode(long inode, InodeRecord record) {
    if (charge != null) {
      putInode(inode, record);
    }
    return charge != null;
  }

  void deleteInode(long inode) {
    delete(PosixKeys.inode(inode));
    if (charge != null) {
      charge.put(inode, null);
    }
  }

  /** What the caller's quotas do not allow is refused by {@link #commit} with EDQUOT. */
  PosixTransaction paidBy(Caller caller) {
    if (charge != null) {
      charge.paidBy(caller);
    }
    return this;
  }

  /** Waiting pages that would have added so many blocks get places by this transaction. */
  void settles(LiveInode inode, long blocks) {
    if (charge != null) {
      charge.settles(inode, blocks);
    }
  }

  /**
   * Adds an entry, by hash and by cookie.
   *
   * @throws FsException ENOSPC if too many names of the directory have the name's hash, which only
   *     happens to names chosen for it
   */
  void putEntry(long directory, EntryRecord entry) throws FsException {
    putEntry(directory, entry, entriesOfHash(directory, entry.name()));
  }

  /** The same, where the entries are known that have the name's hash. */
  void putEntry(long directory, EntryRecord entry, List<EntryRecord> there) throws FsException {
    List<EntryRecord> sameHash = new ArrayList<>(there.size() + 1);
    sameHash.addAll(there);
    sameHash.add(entry);
    byte[] byHash = EntryRecord.encode(sameHash);
    if (byHash.length > BTree.MAX_VALUE_BYTES) {
      throw new FsException(
          Errno.ENOSPC, sameHash.size() + " names of one hash in directory " + directory);
    }
    put(PosixKeys.entryByHash(directory, entry.name()), byHash);
    put(PosixKeys.entryByCookie(directory, entry.cookie()), entry.encode());
  }

  /** Removes the entry of that name, by hash and by cookie, and returns it; null for none. */
  @CanIgnoreReturnValue
  @Nullable EntryRecord removeEntry(long directory, FileName name) throws FsException {
    List<EntryRecord> sameHash = entriesOfHash(directory, name);
    EntryRecord entry = PosixMap.entryOf(sameHash, name);
    if (entry == null) {
      return null;
    }
    byte[] byHash = PosixKeys.entryByHash(directory, name);
    if (sameHash.size() == 1) {
      delete(byHash);
    } else {
      List<EntryRecord> left = new ArrayList<>(sameHash);
      left.remove(entry);
      put(byHash, EntryRecord.encode(left));
    }
    delete(PosixKeys.entryByCookie(directory, entry.cookie()));
    return entry;
  }

  void putExtent(long inode, long fileBlock, FileExtentRecord record) {
    put(PosixKeys.extent(inode, fileBlock), record.encode());
  }

  void deleteExtent(long inode, long fileBlock) {
    delete(PosixKeys.extent(inode, fileBlock));
  }

  /**
   * As {@link #write(Reservation, long, ByteBuffer)}, of blocks that are written at the latest by
   * the commit, together with their neighbours on the device.
   *
   * @param room for blocks on their way, the same for the whole transaction
   */
  List<FileExtentRecord> write(
      Reservation from, long nearBlock, List<byte[]> blocks, ByteBuffer room) throws FsException {
    try {
      List<FileExtentRecord> records = new ArrayList<>(1);
      for (StoredExtent stored : gathered(room).write(from, nearBlock, blocks)) {
        records.add(new FileExtentRecord(stored.extent(), stored.checksums()));
      }
      return records;
    } catch (IOException failure) {
      throw owner.notKept("write data", failure);
    }
  }

  private GatheredWrite gathered(ByteBuffer room) {
    GatheredWrite writes = gathered;
    if (writes == null) {
      writes = volume.extents().gather(tx, room);
      gathered = writes;
    }
    return writes;
  }

  /** Writes blocks to fresh places taken from the reservation; extents in order. */
  List<FileExtentRecord> write(Reservation from, long nearBlock, ByteBuffer wholeBlocks)
      throws FsException {
    try {
      List<FileExtentRecord> records = new ArrayList<>();
      for (StoredExtent stored : volume.extents().write(tx, from, nearBlock, wholeBlocks)) {
        records.add(new FileExtentRecord(stored.extent(), stored.checksums()));
      }
      return records;
    } catch (IOException failure) {
      throw owner.notKept("write data", failure);
    }
  }

  /** Takes places without writing them; extents of any length, in order. */
  List<DataExtent> allocateUnwritten(Reservation from, long nearBlock, long blocks)
      throws FsException {
    try {
      return volume.extents().allocateUnwritten(tx, from, nearBlock, blocks);
    } catch (IOException failure) {
      throw owner.refused("allocate " + blocks + " blocks", failure);
    }
  }

  /** The first write into an unwritten extent, or part of one. */
  FileExtentRecord writeInto(FileExtentRecord unwritten, ByteBuffer wholeBlocks)
      throws FsException {
    try {
      BlockChecksums checksums = volume.extents().writeInto(tx, unwritten.extent(), wholeBlocks);
      return new FileExtentRecord(unwritten.extent(), checksums);
    } catch (IOException failure) {
      throw owner.notKept("write into " + unwritten.extent(), failure);
    }
  }

  /** As {@link #writeInto(FileExtentRecord, ByteBuffer)}, of blocks as in the gathering write. */
  FileExtentRecord writeInto(FileExtentRecord unwritten, List<byte[]> blocks, ByteBuffer room)
      throws FsException {
    try {
      BlockChecksums checksums = gathered(room).writeInto(unwritten.extent(), blocks);
      return new FileExtentRecord(unwritten.extent(), checksums);
    } catch (IOException failure) {
      throw owner.notKept("write into " + unwritten.extent(), failure);
    }
  }

  /** Gives places back, for use once this transaction is durable. */
  void free(DataExtent extent) throws FsException {
    try {
      volume.extents().free(tx, extent);
    } catch (IOException failure) {
      throw owner.refused("free " + extent, failure);
    }
  }

  /** The counts of shared blocks, which from now on nobody else changes until this is closed. */
  SharedBlocks sharedBlocks() {
    SharedBlocks counts = sharedBlocks;
    if (counts == null) {
      owner.sharedBlocksLock().lock();
      counts = new SharedBlocks(this);
      sharedBlocks = counts;
    }
    return counts;
  }

  /** Runs after the commit has succeeded. */
  void onCommit(Runnable action) {
    onCommit.add(action);
  }

  void commit() throws FsException {
    writeGathered();
    if (charge == null) {
      commitUncharged();
    } else {
      charge.make();
      boolean committed = false;
      try {
        commitUncharged();
        committed = true;
      } finally {
        if (!committed) {
          charge.undo();
        }
      }
      charge.committed();
    }
    for (Update update : updates) {
      if (charge == null) {
        update.inode().changed(update.record());
        owner.isAhead(update.inode());
      } else {
        update.inode().committed(update.record());
      }
    }
    onCommit.forEach(Runnable::run);
  }

  private void writeGathered() throws FsException {
    if (gathered != null) {
      try {
        gathered.flush();
      } catch (IOException failure) {
        throw owner.notKept("write data", failure);
      }
    }
  }

  private void commitUncharged() throws FsException {
    try {
      tx.commit();
    } catch (IOException failure) {
      throw owner.refused("commit", failure);
    }
  }

  @Override
  public void close() throws FsException {
    try {
      tx.close();
    } catch (IOException failure) {
      throw owner.refused("discard a transaction", failure);
    } finally {
      if (sharedBlocks != null) {
        sharedBlocks = null;
        owner.sharedBlocksLock().unlock();
      }
    }
  }
}
