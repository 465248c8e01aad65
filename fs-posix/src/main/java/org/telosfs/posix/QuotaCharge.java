package org.telosfs.posix;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.FsException;

/** What one transaction is charged for: the difference its inodes make. */
final class QuotaCharge {
  private final QuotaTable table;
  private final PosixMap before;

  /** Null where the inode goes. */
  private final Map<Long, @Nullable InodeRecord> inodes = new LinkedHashMap<>(4);

  private @Nullable Caller payer;
  private @Nullable LiveInode settled;
  private long settledBlocks;
  private QuotaDelta delta = new QuotaDelta();

  /**
   * @param before the state that the transaction changes; nobody else changes its inodes meanwhile
   */
  QuotaCharge(QuotaTable table, PosixMap before) {
    this.table = table;
    this.before = before;
  }

  /** Growth beyond a limit is refused to this caller; without one nothing is refused. */
  void paidBy(Caller caller) {
    payer = caller;
  }

  /** So many blocks of the file's waiting pages get places, and are counted with its record. */
  void settles(LiveInode inode, long blocks) {
    settled = inode;
    settledBlocks = Math.min(blocks, inode.quotaBlocks);
  }

  /** The inode gets this record; null if it goes. */
  void put(long inode, @Nullable InodeRecord record) {
    if (table.counts(inode)) {
      inodes.put(inode, record);
    }
  }

  /**
   * To be called before the commit.
   *
   * @throws FsException EDQUOT
   */
  void make() throws FsException {
    delta = new QuotaDelta();
    for (Map.Entry<Long, @Nullable InodeRecord> inode : inodes.entrySet()) {
      delta.add(before.inode(inode.getKey()), inode.getValue());
    }
    table.charge(delta.bySubject(), settled, settledBlocks, payer);
  }

  /** The commit has failed after {@link #make}. */
  void undo() {
    table.undo(delta.bySubject(), settled, settledBlocks);
  }

  /** The transaction is committed. */
  void committed() throws FsException {
    for (Map.Entry<Long, @Nullable InodeRecord> inode : inodes.entrySet()) {
      if (inode.getValue() == null) {
        InodeRecord gone = before.inode(inode.getKey());
        if (gone != null && gone.isDirectory() && gone.project() != 0) {
          table.directoryFreed(inode.getKey(), gone.project());
        }
      }
    }
  }
}
