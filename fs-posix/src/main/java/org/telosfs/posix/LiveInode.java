package org.telosfs.posix;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.volume.Reservation;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.InodeNumber;

/**
 * An inode in use: the newest record, which may be ahead of the volume's, and the pages that wait.
 * {@link #record} and {@link #attributes} may be read without a lock and are each one state;
 * changes are made under the inode's exclusive lock.
 */
final class LiveInode {
  private final InodeNumber number;

  /** Lookups that the kernel owes a forget for; guarded by {@code InodeTable}. */
  long lookups;

  /** Operations that use it; guarded by {@code InodeTable}. */
  int uses;

  /**
   * Waiting changes keep it in the table too: once for each time that it began to wait, since it
   * may wait anew before the end of an epoch lets go of it. Guarded by {@code InodeTable}.
   */
  int keptWaiting;

  /** Blocks of waiting pages that {@link QuotaTable} counts. */
  long quotaBlocks;

  private volatile InodeRecord record;

  /** Blocks that waiting pages will add. */
  private volatile long freshBlocks;

  private volatile @Nullable Shown shown;
  private volatile boolean gone;
  private boolean mayGetFirstName;
  private boolean stored;
  private boolean storedAsOrphan;
  private boolean freed;
  private boolean ahead;
  private boolean aheadInAccessTimeAlone;
  private boolean waiting;
  private final DirtyPages pages = new DirtyPages();
  private @Nullable Reservation reservation;
  private long countedBlocks;

  /**
   * An inode.
   *
   * @param stored the volume has this record, and says so if it is an orphan's
   */
  LiveInode(InodeNumber number, InodeRecord record, boolean stored) {
    this.number = number;
    this.record = record;
    this.stored = stored;
    this.ahead = !stored;
    this.storedAsOrphan = stored && record.links() == 0;
  }

  InodeNumber number() {
    return number;
  }

  long value() {
    return number.value();
  }

  InodeRecord record() {
    return record;
  }

  DirtyPages pages() {
    return pages;
  }

  /** What stat tells, kept for as long as it is true. */
  private record Shown(InodeRecord record, long freshBlocks, Attributes attributes) {}

  @SuppressWarnings("ReferenceEquality") // the same record, not an equal one: that is the question
  Attributes attributes() {
    InodeRecord now = record;
    long fresh = freshBlocks;
    Shown last = shown;
    if (last == null || last.record() != now || last.freshBlocks() != fresh) {
      last = new Shown(now, fresh, now.withBlocks(now.blocks() + fresh).attributes(number));
      shown = last;
    }
    return last.attributes();
  }

  /** True while it never had a name and may get one. */
  boolean mayGetFirstName() {
    return mayGetFirstName;
  }

  void setMayGetFirstName(boolean may) {
    mayGetFirstName = may;
  }

  /** The record as a transaction has just committed it. */
  void committed(InodeRecord newRecord) {
    record = newRecord;
    ahead = false;
    aheadInAccessTimeAlone = false;
    stored = true;
    storedAsOrphan = newRecord.links() == 0;
  }

  /** The volume need not get the access time before the next change of something else. */
  void leaveAccessTime() {
    ahead = false;
    aheadInAccessTimeAlone = false;
  }

  /** True if the volume knows all of it. */
  boolean isClean() {
    return stored && !ahead && !gone && !waiting && pages.isEmpty() && record.links() > 0;
  }

  /** True if the volume has a record of it. */
  boolean isStored() {
    return stored;
  }

  /** True if the volume says that it is an orphan. */
  boolean isStoredAsOrphan() {
    return storedAsOrphan;
  }

  /** The record after a change that the epoch's end will commit. */
  void changed(InodeRecord newRecord) {
    record = newRecord;
    ahead = true;
    aheadInAccessTimeAlone = false;
  }

  /** The record after reading has moved its access time. */
  void accessed(InodeRecord newRecord) {
    record = newRecord;
    aheadInAccessTimeAlone |= !ahead;
    ahead = true;
  }

  /** True if nothing else than the access time would be lost. */
  boolean isAheadInAccessTimeAlone() {
    return aheadInAccessTimeAlone && pages.isEmpty();
  }

  /** Blocks that waiting pages will add. */
  long freshBlocks() {
    return freshBlocks;
  }

  /** The number of waiting pages has changed. */
  void pagesChanged() {
    freshBlocks = pages.fresh();
  }

  /** True if {@link #record} has not been committed. */
  boolean isAhead() {
    return ahead;
  }

  /** True if it is in the list of inodes that wait for the epoch's end. */
  boolean isWaiting() {
    return waiting;
  }

  void setWaiting(boolean waits) {
    waiting = waits;
  }

  /** Space set aside for the waiting pages, a block each; null if there never were any. */
  @Nullable Reservation reservation() {
    return reservation;
  }

  void setReservation(Reservation space) {
    reservation = space;
  }

  /** Brings a total of reserved blocks up to date with this inode's share. */
  void countReserved(long blocks, AtomicLong total) {
    total.addAndGet(blocks - countedBlocks);
    countedBlocks = blocks;
  }

  /** It has been freed; whoever still has its number has a stale one. */
  boolean isGone() {
    return gone;
  }

  void setGone() {
    gone = true;
  }

  /** True if nothing is left of it in the volume. */
  boolean isFreed() {
    return freed;
  }

  void setFreed() {
    freed = true;
  }
}
