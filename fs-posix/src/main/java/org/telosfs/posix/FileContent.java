package org.telosfs.posix;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.volume.Purpose;
import org.telosfs.block.volume.Reservation;
import org.telosfs.posix.format.FileExtentRecord;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;

/**
 * Writes files: bytes go to waiting pages, which {@link PageFlush} gives their places, or, if they
 * are many whole blocks, at once to their places. Callers hold the inode's lock exclusively and are
 * within the epoch.
 *
 * <p>A block on the device may hold anything behind the end of its file, since truncating does not
 * write; growing over it zeroes it first. A waiting page is always zero behind the end.
 */
final class FileContent {
  /** Largest size; its last block lacks a byte. */
  static final long MAX_BYTES = Long.MAX_VALUE;

  private static final int PAGE_BYTES = DirtyPages.PAGE_BYTES;
  private static final int PAGE_SHIFT = DirtyPages.PAGE_SHIFT;

  /** From here on whole blocks need not wait. */
  private static final int STREAM_BYTES = 128 << 10;

  /** Extents freed by one transaction: some 200 KiB of journal. */
  private static final int EXTENTS_AT_ONCE = 4000;

  private final PosixVolume volume;
  private final Epochs epochs;
  private final PosixClock clock;
  private final PagePool pool;

  FileContent(PosixVolume volume, Epochs epochs, PosixClock clock, PagePool pool) {
    this.volume = volume;
    this.epochs = epochs;
    this.clock = clock;
    this.pool = pool;
  }

  // ---- writing

  /** Refused space is refused to {@code caller}. */
  int write(Caller caller, LiveInode inode, long offsetBytes, ByteBuffer data) throws FsException {
    requireContent(inode.record());
    int bytes = data.remaining();
    if (bytes == 0) {
      return 0;
    }
    if (offsetBytes < 0) {
      throw new FsException(Errno.EINVAL, "write to " + offsetBytes);
    }
    if (offsetBytes > MAX_BYTES - bytes) {
      throw new FsException(Errno.EFBIG, "write to " + offsetBytes);
    }
    if (isStream(inode, offsetBytes, bytes)) {
      stream(caller, inode, offsetBytes, data);
      return bytes;
    }
    put(caller, inode, offsetBytes, data, bytes);
    changed(inode, written(inode.record(), offsetBytes + bytes, 0));
    return bytes;
  }

  private InodeRecord written(InodeRecord record, long end, long gained) {
    long size = Math.max(record.sizeBytes(), end);
    return record.withContent(size, record.blocks() + gained, clock.now());
  }

  /**
   * Whether to write straight to fresh space: many whole blocks, of which none waits and none has a
   * place that it would go into.
   */
  private boolean isStream(LiveInode inode, long offsetBytes, int bytes) throws FsException {
    if (bytes < STREAM_BYTES || ((offsetBytes | bytes) & PAGE_BYTES - 1) != 0) {
      return false;
    }
    long first = offsetBytes >> PAGE_SHIFT;
    long end = first + (bytes >> PAGE_SHIFT);
    Long page = inode.pages().next(first);
    if (page != null && page < end) {
      return false;
    }
    Places places = new Places(volume.view(), inode);
    for (long block = first; block < end; ) {
      PosixMap.PlacedExtent there = places.from(block);
      if (there == null || there.fileBlock() >= end) {
        return true;
      }
      if (!there.extent().isWritten()) {
        return false;
      }
      block = there.end();
    }
    return true;
  }

  /** Spares what a stream would only pass through: the waiting pages. */
  private void stream(Caller caller, LiveInode inode, long offsetBytes, ByteBuffer data)
      throws FsException {
    if (offsetBytes > inode.record().sizeBytes()) {
      zeroStaleTail(inode);
    }
    long first = offsetBytes >> PAGE_SHIFT;
    long end = offsetBytes + data.remaining();
    try (Reservation space = volume.reserve(data.remaining() >> PAGE_SHIFT);
        PosixTransaction tx = volume.begin(Purpose.GROW).paidBy(caller)) {
      FileExtents extents = new FileExtents(tx, inode);
      extents.cut(first, end >> PAGE_SHIFT);
      long block = first;
      int limit = data.limit();
      while (data.position() < limit) {
        data.limit(Math.min(limit, data.position() + FileExtentRecord.MAX_BLOCKS * PAGE_BYTES));
        for (FileExtentRecord record : tx.write(space, extents.near(block), data)) {
          extents.put(block, record);
          block += record.blocks();
        }
        data.limit(limit);
      }
      InodeRecord after = written(inode.record(), end, extents.gained());
      tx.putInode(inode, after);
      tx.commit();
      inode.committed(after);
    }
  }

  /** Writes zeros where there is something, without a change of the record. */
  void zero(LiveInode inode, long offsetBytes, int bytes) throws FsException {
    put(null, inode, offsetBytes, null, bytes);
  }

  /**
   * Puts bytes into waiting pages; {@code null} data are zeros. Leaves the record alone. What may
   * fail comes first, so that a refused write has changed nothing.
   */
  private void put(
      @Nullable Caller caller,
      LiveInode inode,
      long offsetBytes,
      @Nullable ByteBuffer data,
      int bytes)
      throws FsException {
    long end = offsetBytes + bytes;
    long size = inode.record().sizeBytes();
    Places places = new Places(volume.view(), inode);
    List<NewPage> made = new ArrayList<>();
    if (offsetBytes > size && hasStaleTail(inode)) {
      // Becomes a waiting page, and those are zero behind the end.
      makeMissing(inode, places, size >> PAGE_SHIFT, true, made);
    }
    long endBlock = blocksOf(end);
    for (long block = offsetBytes >> PAGE_SHIFT; block < endBlock; block++) {
      long start = block << PAGE_SHIFT;
      makeMissing(inode, places, block, start < offsetBytes || end - start < PAGE_BYTES, made);
    }
    wait(caller, inode, made);
    long at = offsetBytes;
    while (at < end) {
      int within = (int) (at & PAGE_BYTES - 1);
      int part = (int) Math.min(PAGE_BYTES - within, end - at);
      byte[] page = waitingPage(inode, at >> PAGE_SHIFT);
      if (data == null) {
        Arrays.fill(page, within, within + part, (byte) 0);
      } else {
        data.get(page, within, part);
      }
      at += part;
    }
  }

  private static byte[] waitingPage(LiveInode inode, long block) {
    byte[] page = inode.pages().page(block);
    if (page == null) {
      throw new IllegalStateException("block " + block + " has no page");
    }
    return page;
  }

  /** A page that does not wait yet. */
  private static final class NewPage {
    private final long block;
    private final byte[] bytes;
    private final DirtyPages.Under under;

    NewPage(long block, byte[] bytes, DirtyPages.Under under) {
      this.block = block;
      this.bytes = bytes;
      this.under = under;
    }
  }

  /**
   * Adds a page of the block, unless one waits; it is zero behind the end of the file.
   *
   * @param keepContent not all of it will be overwritten at once
   */
  private void makeMissing(
      LiveInode inode, Places places, long block, boolean keepContent, List<NewPage> made)
      throws FsException {
    boolean justMade = !made.isEmpty() && made.get(made.size() - 1).block == block;
    if (justMade || inode.pages().page(block) != null) {
      return;
    }
    PosixMap.PlacedExtent there = places.of(block);
    byte[] page = keepContent ? pool.takeZeroed() : pool.take();
    if (there == null) {
      made.add(new NewPage(block, page, DirtyPages.Under.HOLE));
      return;
    }
    boolean written = there.extent().isWritten();
    long kept = inode.record().sizeBytes() - (block << PAGE_SHIFT);
    if (keepContent && written && kept > 0) {
      volume.read(there.extent(), (int) (block - there.fileBlock()), ByteBuffer.wrap(page));
      Arrays.fill(page, (int) Math.min(kept, PAGE_BYTES), PAGE_BYTES, (byte) 0);
    }
    made.add(
        new NewPage(block, page, written ? DirtyPages.Under.DATA : DirtyPages.Under.UNWRITTEN));
  }

  /** Sets space aside for new pages, and from now on they wait. */
  private void wait(@Nullable Caller caller, LiveInode inode, List<NewPage> made)
      throws FsException {
    long fresh = made.stream().filter(page -> page.under == DirtyPages.Under.HOLE).count();
    long space = made.stream().filter(page -> page.under != DirtyPages.Under.UNWRITTEN).count();
    boolean reserved = false;
    try {
      epochs.reserve(caller, inode, space, fresh);
      reserved = true;
    } finally {
      if (!reserved) {
        made.forEach(page -> pool.giveBack(page.bytes));
      }
    }
    made.forEach(page -> inode.pages().add(page.block, page.bytes, page.under));
    inode.pagesChanged();
    epochs.waits(inode);
  }

  /** Makes the last block's page wait if it holds something behind the end of the file. */
  void zeroStaleTail(LiveInode inode) throws FsException {
    if (hasStaleTail(inode)) {
      List<NewPage> made = new ArrayList<>(1);
      Places places = new Places(volume.view(), inode);
      makeMissing(inode, places, inode.record().sizeBytes() >> PAGE_SHIFT, true, made);
      wait(null, inode, made);
    }
  }

  /** Finds the extents of ascending blocks, each one once. */
  private static final class Places {
    private final PosixMap map;
    private final long inode;
    private PosixMap.@Nullable PlacedExtent next;
    private long asked = -1;

    Places(PosixMap map, LiveInode inode) {
      this.map = map;
      this.inode = inode.value();
    }

    /** The extent that holds the block; null if it lies in a hole. */
    PosixMap.@Nullable PlacedExtent of(long block) throws FsException {
      PosixMap.PlacedExtent known = from(block);
      return known != null && known.fileBlock() <= block ? known : null;
    }

    /** The extent that holds the block, else the first one after it, or null. */
    PosixMap.@Nullable PlacedExtent from(long block) throws FsException {
      PosixMap.PlacedExtent known = next;
      if (asked < 0 || block < asked || (known != null && block >= known.end())) {
        known = map.extentAt(inode, block);
        next = known;
        asked = block;
      }
      return known;
    }
  }

  /** Whether the last block on the device holds something behind the end of the file. */
  private boolean hasStaleTail(LiveInode inode) throws FsException {
    long size = inode.record().sizeBytes();
    int used = (int) (size & PAGE_BYTES - 1);
    long block = size >> PAGE_SHIFT;
    if (used == 0 || inode.pages().page(block) != null) {
      return false;
    }
    PosixMap.PlacedExtent there = volume.view().extentAt(inode.value(), block);
    if (there == null || there.fileBlock() > block || !there.extent().isWritten()) {
      return false;
    }
    byte[] page = new byte[PAGE_BYTES];
    volume.read(there.extent(), (int) (block - there.fileBlock()), ByteBuffer.wrap(page));
    for (int i = used; i < PAGE_BYTES; i++) {
      if (page[i] != 0) {
        return true;
      }
    }
    return false;
  }

  /** Notes a record that the end of the epoch will commit. */
  private void changed(LiveInode inode, InodeRecord record) {
    inode.changed(record);
    epochs.waits(inode);
  }

  // ---- changing the size

  /**
   * Sets the size within a transaction that the caller commits with {@code record} as the start of
   * the new record, which is returned and not yet put.
   */
  InodeRecord resize(PosixTransaction tx, LiveInode inode, InodeRecord record, long newSize)
      throws FsException {
    long size = record.sizeBytes();
    long blocks = record.blocks();
    if (newSize <= size) {
      // Also where the size stays: space behind the end was kept by fallocate and is let go.
      FileExtents extents = new FileExtents(tx, inode);
      extents.cut(blocksOf(newSize), Long.MAX_VALUE);
      blocks += extents.gained();
    } else {
      zeroStaleTail(inode);
    }
    return record.withContent(newSize, blocks, clock.now());
  }

  /** After {@link #resize} has been committed: pages behind the new end are forgotten. */
  void resized(LiveInode inode, long newSize) {
    dropPages(inode, blocksOf(newSize), Long.MAX_VALUE);
    int used = (int) (newSize & PAGE_BYTES - 1);
    byte[] last = used == 0 ? null : inode.pages().page(newSize >> PAGE_SHIFT);
    if (last != null) {
      Arrays.fill(last, used, PAGE_BYTES, (byte) 0);
    }
  }

  /** Forgets the waiting pages of [from, to). */
  void dropPages(LiveInode inode, long from, long to) {
    inode.pages().drop(from, to, pool);
    epochs.trimReservation(inode);
    inode.pagesChanged();
  }

  /**
   * Frees some of the blocks of [fromBlock, endBlock), if they are so many that one transaction
   * would be too large; they read as zeros then, until the change that needs them gone is made.
   *
   * @return true if few enough are left
   */
  boolean freeAhead(LiveInode inode, long fromBlock, long endBlock) throws FsException {
    InodeRecord record = inode.record();
    if (record.blocks() <= EXTENTS_AT_ONCE) {
      return true;
    }
    try (PosixTransaction tx = volume.begin(Purpose.RELEASE)) {
      FileExtents extents = new FileExtents(tx, inode);
      if (extents.cut(fromBlock, endBlock, EXTENTS_AT_ONCE)) {
        return true; // Left to the change itself.
      }
      InodeRecord after = record.withBlocks(record.blocks() + extents.gained());
      tx.putInode(inode, after);
      tx.commit();
      inode.committed(after);
      return false;
    }
  }

  // ---- small things

  /** The record again, if it is a regular file's. */
  @CanIgnoreReturnValue
  static InodeRecord requireContent(InodeRecord record) throws FsException {
    if (record.type() != FileType.REGULAR) {
      throw new FsException(record.isDirectory() ? Errno.EISDIR : Errno.EINVAL);
    }
    return record;
  }

  static long blocksOf(long bytes) {
    return (bytes >> PAGE_SHIFT) + ((bytes & PAGE_BYTES - 1) == 0 ? 0 : 1);
  }
}
