package org.telosfs.posix;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.DataExtent;
import org.telosfs.block.volume.Purpose;
import org.telosfs.block.volume.Reservation;
import org.telosfs.posix.format.FileExtentRecord;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.SeekTarget;

/**
 * The bytes of files: in waiting pages, in extents, or in holes. Callers hold the inode's lock,
 * shared to read and exclusive for the rest, and have entered the epoch for the rest.
 *
 * <p>A block on the device may hold anything behind the end of its file, since truncating does not
 * write; growing over it zeroes it first. A waiting page is always zero behind the end.
 */
final class FileContent {
  /** Largest size, 2^63 - 1 rounded down to whole blocks. */
  static final long MAX_BYTES = Long.MAX_VALUE & -DirtyPages.PAGE_BYTES;

  private static final int PAGE_BYTES = DirtyPages.PAGE_BYTES;
  private static final int PAGE_SHIFT = 12;
  private static final int COPY_BYTES = 1 << 20;

  /** Extents freed by one transaction: some 200 KiB of journal. */
  private static final int EXTENTS_AT_ONCE = 4000;

  private final PosixVolume volume;
  private final Epochs epochs;
  private final PosixClock clock;
  private final ThreadLocal<ByteBuffer> runs =
      ThreadLocal.withInitial(
          () -> ByteBuffer.allocateDirect(FileExtentRecord.MAX_BLOCKS * PAGE_BYTES));

  FileContent(PosixVolume volume, Epochs epochs, PosixClock clock) {
    this.volume = volume;
    this.epochs = epochs;
    this.clock = clock;
  }

  // ---- reading

  int read(LiveInode inode, long offsetBytes, ByteBuffer into) throws FsException {
    requireContent(inode.record());
    long end = Math.min(inode.record().sizeBytes(), saturatedSum(offsetBytes, into.remaining()));
    if (offsetBytes >= end) {
      return 0;
    }
    int start = into.position();
    int limit = into.limit();
    into.limit(start + (int) (end - offsetBytes));
    try {
      readAll(inode, offsetBytes, into);
    } finally {
      into.limit(limit);
    }
    return into.position() - start;
  }

  /** Fills {@code into}, which does not reach beyond what the file may hold. */
  private void readAll(LiveInode inode, long offsetBytes, ByteBuffer into) throws FsException {
    PosixMap map = volume.view();
    long at = offsetBytes;
    while (into.hasRemaining()) {
      long block = at >> PAGE_SHIFT;
      int within = (int) (at & PAGE_BYTES - 1);
      byte[] page = inode.pages().page(block);
      if (page != null) {
        int bytes = Math.min(PAGE_BYTES - within, into.remaining());
        into.put(page, within, bytes);
        at += bytes;
        continue;
      }
      at += readRun(inode, map, block, within, into);
    }
  }

  /** Reads from what is no waiting page, up to the next one or a change of extent. */
  private int readRun(LiveInode inode, PosixMap map, long block, int within, ByteBuffer into)
      throws FsException {
    Long nextPage = inode.pages().next(block);
    long blocks = ((long) within + into.remaining() + PAGE_BYTES - 1) >> PAGE_SHIFT;
    long end = Math.min(block + blocks, nextPage == null ? Long.MAX_VALUE : nextPage);
    PosixMap.PlacedExtent there = map.extentAt(inode.value(), block);
    boolean hole = there == null || there.fileBlock() > block;
    if (there != null) {
      end = Math.min(end, hole ? there.fileBlock() : there.end());
    }
    int bytes = (int) Math.min(((end - block) << PAGE_SHIFT) - within, into.remaining());
    if (there == null || hole || !there.extent().isWritten()) {
      putZeros(into, bytes);
    } else {
      readExtent(there, block, within, bytes, into);
    }
    return bytes;
  }

  private void readExtent(
      PosixMap.PlacedExtent there, long block, int within, int bytes, ByteBuffer into)
      throws FsException {
    int first = (int) (block - there.fileBlock());
    int head = within == 0 ? 0 : Math.min(PAGE_BYTES - within, bytes);
    if (head > 0) {
      readPartOfBlock(there.extent(), first++, within, head, into);
    }
    int whole = (bytes - head) & -PAGE_BYTES;
    if (whole > 0) {
      int limit = into.limit();
      into.limit(into.position() + whole);
      volume.read(there.extent(), first, into);
      into.limit(limit);
      first += whole >> PAGE_SHIFT;
    }
    int tail = bytes - head - whole;
    if (tail > 0) {
      readPartOfBlock(there.extent(), first, 0, tail, into);
    }
  }

  private void readPartOfBlock(
      FileExtentRecord extent, int block, int within, int bytes, ByteBuffer into)
      throws FsException {
    byte[] page = new byte[PAGE_BYTES];
    volume.read(extent, block, ByteBuffer.wrap(page));
    into.put(page, within, bytes);
  }

  private static void putZeros(ByteBuffer into, int bytes) {
    int at = into.position();
    int end = at + bytes;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      into.putLong(at, 0);
    }
    for (; at < end; at++) {
      into.put(at, (byte) 0);
    }
    into.position(end);
  }

  // ---- writing

  int write(LiveInode inode, long offsetBytes, ByteBuffer data, boolean clearPrivileges)
      throws FsException {
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
    put(inode, offsetBytes, data, bytes);
    InodeRecord record = inode.record();
    if (clearPrivileges) {
      record = withoutPrivileges(record);
    }
    long size = Math.max(record.sizeBytes(), offsetBytes + bytes);
    changed(inode, record.withContent(size, record.blocks(), clock.now()));
    return bytes;
  }

  /**
   * Puts bytes into waiting pages; {@code null} data are zeros. Leaves the record alone. What may
   * fail comes first, so that a refused write has changed nothing.
   */
  private void put(LiveInode inode, long offsetBytes, @Nullable ByteBuffer data, int bytes)
      throws FsException {
    long end = offsetBytes + bytes;
    long size = inode.record().sizeBytes();
    Places places = new Places(volume.view(), inode);
    List<NewPage> made = new ArrayList<>();
    if (offsetBytes > size && hasStaleTail(inode)) {
      // Becomes a waiting page, and those are zero behind the end.
      makeMissing(inode, places, size >> PAGE_SHIFT, true, made);
    }
    for (long block = offsetBytes >> PAGE_SHIFT; block << PAGE_SHIFT < end; block++) {
      long start = block << PAGE_SHIFT;
      makeMissing(inode, places, block, start < offsetBytes || start + PAGE_BYTES > end, made);
    }
    wait(inode, made);
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
    private final byte[] bytes = new byte[PAGE_BYTES];
    private final DirtyPages.Under under;

    NewPage(long block, DirtyPages.Under under) {
      this.block = block;
      this.under = under;
    }
  }

  /** Adds a page of the block, unless one waits; it is zero behind the end of the file. */
  private void makeMissing(
      LiveInode inode, Places places, long block, boolean keepContent, List<NewPage> made)
      throws FsException {
    boolean justMade = !made.isEmpty() && made.get(made.size() - 1).block == block;
    if (justMade || inode.pages().page(block) != null) {
      return;
    }
    PosixMap.PlacedExtent there = places.of(block);
    if (there == null) {
      made.add(new NewPage(block, DirtyPages.Under.HOLE));
      return;
    }
    boolean written = there.extent().isWritten();
    NewPage page = new NewPage(block, written ? DirtyPages.Under.DATA : DirtyPages.Under.UNWRITTEN);
    long kept = inode.record().sizeBytes() - (block << PAGE_SHIFT);
    if (keepContent && written && kept > 0) {
      volume.read(there.extent(), (int) (block - there.fileBlock()), ByteBuffer.wrap(page.bytes));
      Arrays.fill(page.bytes, (int) Math.min(kept, PAGE_BYTES), PAGE_BYTES, (byte) 0);
    }
    made.add(page);
  }

  /** Sets space aside for new pages, and from now on they wait. */
  private void wait(LiveInode inode, List<NewPage> made) throws FsException {
    long space = made.stream().filter(page -> page.under != DirtyPages.Under.UNWRITTEN).count();
    epochs.reserve(inode, space);
    made.forEach(page -> inode.pages().add(page.block, page.bytes, page.under));
    inode.pagesChanged();
    epochs.waits(inode);
  }

  /** Makes the last block's page wait if it holds something behind the end of the file. */
  private void zeroStaleTail(LiveInode inode) throws FsException {
    if (hasStaleTail(inode)) {
      List<NewPage> made = new ArrayList<>(1);
      Places places = new Places(volume.view(), inode);
      makeMissing(inode, places, inode.record().sizeBytes() >> PAGE_SHIFT, true, made);
      wait(inode, made);
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
      PosixMap.PlacedExtent known = next;
      if (asked < 0 || block < asked || (known != null && block >= known.end())) {
        known = map.extentAt(inode, block);
        next = known;
        asked = block;
      }
      return known != null && known.fileBlock() <= block ? known : null;
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

  private static InodeRecord withoutPrivileges(InodeRecord record) {
    int permissions = CreationRules.withoutPrivileges(record.permissions());
    return record.withOwner(permissions, record.uid(), record.gid());
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
      FileExtents extents = new FileExtents(tx, inode.value());
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

  private void dropPages(LiveInode inode, long from, long to) {
    inode.pages().drop(from, to);
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
      FileExtents extents = new FileExtents(tx, inode.value());
      if (extents.cut(fromBlock, endBlock, EXTENTS_AT_ONCE)) {
        return true; // Left to the change itself.
      }
      InodeRecord after = record.withBlocks(record.blocks() + extents.gained());
      tx.putInode(inode.value(), after);
      tx.commit();
      inode.committed(after);
      return false;
    }
  }

  // ---- allocating

  void allocate(LiveInode inode, AllocateMode mode, long offsetBytes, long lengthBytes)
      throws FsException {
    InodeRecord record = inode.record();
    if (record.type() != FileType.REGULAR) {
      throw new FsException(record.isDirectory() ? Errno.EISDIR : Errno.ENODEV);
    }
    if (offsetBytes > MAX_BYTES - lengthBytes) {
      throw new FsException(Errno.EFBIG, "allocate to " + offsetBytes + "+" + lengthBytes);
    }
    if (offsetBytes < 0 || lengthBytes <= 0) {
      throw new FsException(Errno.EINVAL, "allocate " + offsetBytes + "+" + lengthBytes);
    }
    long end = offsetBytes + lengthBytes;
    switch (mode) {
      case ALLOCATE -> reserveBlocks(inode, offsetBytes, end, true, false);
      case ALLOCATE_KEEP_SIZE -> reserveBlocks(inode, offsetBytes, end, false, false);
      case PUNCH_HOLE -> punch(inode, offsetBytes, end);
      case ZERO_RANGE -> reserveBlocks(inode, offsetBytes, end, true, true);
      case ZERO_RANGE_KEEP_SIZE -> reserveBlocks(inode, offsetBytes, end, false, true);
    }
  }

  private void punch(LiveInode inode, long from, long to) throws FsException {
    long firstWhole = blocksOf(from);
    long endWhole = to >> PAGE_SHIFT;
    zeroEdges(inode, from, to);
    try (PosixTransaction tx = volume.begin(Purpose.RELEASE)) {
      InodeRecord record = inode.record();
      FileExtents extents = new FileExtents(tx, inode.value());
      if (firstWhole < endWhole) {
        extents.cut(firstWhole, endWhole);
      }
      InodeRecord after =
          record.withContent(record.sizeBytes(), record.blocks() + extents.gained(), clock.now());
      tx.putInode(inode.value(), after);
      tx.commit();
      inode.committed(after);
    }
    if (firstWhole < endWhole) {
      dropPages(inode, firstWhole, endWhole);
    }
  }

  /** Gives every block of a range a place; with {@code zero}, one that reads as zeros. */
  private void reserveBlocks(LiveInode inode, long from, long to, boolean grow, boolean zero)
      throws FsException {
    long firstBlock = from >> PAGE_SHIFT;
    long endBlock = blocksOf(to);
    long firstWhole = zero ? blocksOf(from) : endBlock;
    long endWhole = zero ? to >> PAGE_SHIFT : endBlock;
    List<long[]> missing = missing(inode, firstBlock, endBlock, firstWhole, endWhole);
    long blocks = missing.stream().mapToLong(gap -> gap[1] - gap[0]).sum();
    try (Reservation space = volume.reserve(blocks)) {
      if (zero) {
        zeroEdges(inode, from, to);
      }
      if (grow && to > inode.record().sizeBytes()) {
        zeroStaleTail(inode);
      }
      try (PosixTransaction tx = volume.begin(Purpose.GROW)) {
        FileExtents extents = new FileExtents(tx, inode.value());
        if (firstWhole < endWhole) {
          extents.cut(firstWhole, endWhole);
        }
        for (long[] gap : missing) {
          putUnwritten(tx, extents, space, gap[0], gap[1] - gap[0]);
        }
        InodeRecord record = inode.record();
        long size = grow ? Math.max(record.sizeBytes(), to) : record.sizeBytes();
        InodeRecord after =
            record.withContent(size, record.blocks() + extents.gained(), clock.now());
        tx.putInode(inode.value(), after);
        tx.commit();
        inode.committed(after);
      }
    }
    missing.forEach(gap -> inode.pages().allocated(gap[0], gap[1]));
    if (firstWhole < endWhole) {
      dropPages(inode, firstWhole, endWhole);
    } else {
      epochs.trimReservation(inode);
      inode.pagesChanged();
    }
  }

  /** The gaps of [first, end) without a block; all of [firstWhole, endWhole) counts as one. */
  private List<long[]> missing(
      LiveInode inode, long first, long end, long firstWhole, long endWhole) throws FsException {
    List<long[]> gaps = new ArrayList<>();
    boolean whole = firstWhole < endWhole;
    gaps(inode, first, whole ? firstWhole : end, gaps);
    if (whole) {
      gaps.add(new long[] {firstWhole, endWhole});
      gaps(inode, endWhole, end, gaps);
    }
    return gaps;
  }

  private void gaps(LiveInode inode, long first, long end, List<long[]> gaps) throws FsException {
    PosixMap map = volume.view();
    long at = first;
    while (at < end) {
      PosixMap.PlacedExtent there = map.extentAt(inode.value(), at);
      if (there != null && there.fileBlock() <= at) {
        at = there.end();
        continue;
      }
      long gapEnd = there == null ? end : Math.min(end, there.fileBlock());
      gaps.add(new long[] {at, gapEnd});
      at = gapEnd;
    }
  }

  private static void putUnwritten(
      PosixTransaction tx, FileExtents extents, Reservation space, long fileBlock, long blocks)
      throws FsException {
    long at = fileBlock;
    for (DataExtent extent : tx.allocateUnwritten(space, extents.near(fileBlock), blocks)) {
      for (int done = 0; done < extent.blocks(); ) {
        int part = Math.min(FileExtentRecord.MAX_BLOCKS, extent.blocks() - done);
        extents.put(at, new FileExtentRecord(extent.part(done, part), null));
        at += part;
        done += part;
      }
    }
  }

  /** Zeroes the parts of [from, to) that are no whole blocks, where there is anything. */
  private void zeroEdges(LiveInode inode, long from, long to) throws FsException {
    long size = inode.record().sizeBytes();
    long firstWhole = Math.min(blocksOf(from) << PAGE_SHIFT, to);
    long endWhole = Math.max(to & -PAGE_BYTES, firstWhole);
    zeroWithinBlock(inode, from, Math.min(firstWhole, size));
    zeroWithinBlock(inode, endWhole, Math.min(to, size));
  }

  private void zeroWithinBlock(LiveInode inode, long from, long to) throws FsException {
    if (from < to && isData(inode, volume.view(), from >> PAGE_SHIFT)) {
      put(inode, from, null, (int) (to - from));
    }
  }

  // ---- data and holes

  long seek(LiveInode inode, long offsetBytes, SeekTarget target) throws FsException {
    requireContent(inode.record());
    long size = inode.record().sizeBytes();
    if (offsetBytes < 0 || offsetBytes >= size) {
      throw new FsException(Errno.ENXIO);
    }
    PosixMap map = volume.view();
    long block = offsetBytes >> PAGE_SHIFT;
    boolean wantData = target == SeekTarget.DATA;
    while (block << PAGE_SHIFT < size) {
      if (isData(inode, map, block) == wantData) {
        return Math.max(offsetBytes, block << PAGE_SHIFT);
      }
      block = wantData ? nextData(inode, map, block) : afterExtent(inode, map, block);
      if (block > size >> PAGE_SHIFT) {
        break;
      }
    }
    if (wantData) {
      throw new FsException(Errno.ENXIO);
    }
    return size;
  }

  private static boolean isData(LiveInode inode, PosixMap map, long block) throws FsException {
    if (inode.pages().page(block) != null) {
      return true;
    }
    PosixMap.PlacedExtent there = map.extentAt(inode.value(), block);
    return there != null && there.fileBlock() <= block;
  }

  /** The first block of data after this one, which is none. */
  private static long nextData(LiveInode inode, PosixMap map, long block) throws FsException {
    Long page = inode.pages().next(block);
    PosixMap.PlacedExtent there = map.extentAt(inode.value(), block);
    return Math.min(
        page == null ? Long.MAX_VALUE >> PAGE_SHIFT : page,
        there == null ? Long.MAX_VALUE >> PAGE_SHIFT : there.fileBlock());
  }

  private static long afterExtent(LiveInode inode, PosixMap map, long block) throws FsException {
    PosixMap.PlacedExtent there = map.extentAt(inode.value(), block);
    return there != null && there.fileBlock() <= block ? there.end() : block + 1;
  }

  // ---- copying

  long copy(LiveInode from, long fromOffset, LiveInode to, long toOffset, long lengthBytes)
      throws FsException {
    requireContent(from.record());
    requireContent(to.record());
    if (fromOffset < 0 || toOffset < 0 || lengthBytes < 0) {
      throw new FsException(Errno.EINVAL, "copy from " + fromOffset + " to " + toOffset);
    }
    long length = Math.min(lengthBytes, Math.max(0, from.record().sizeBytes() - fromOffset));
    if (from == to && Math.abs(fromOffset - toOffset) < lengthBytes) {
      throw new FsException(Errno.EINVAL, "ranges overlap");
    }
    if (toOffset > MAX_BYTES - length) {
      throw new FsException(Errno.EFBIG, "copy to " + toOffset);
    }
    long done = 0;
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_BYTES, length));
    while (done < length) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), length - done));
      read(from, fromOffset + done, buffer);
      buffer.flip();
      try {
        done += write(to, toOffset + done, buffer, false);
      } catch (FsException refused) {
        if (done > 0) {
          return done; // As write(2): what was copied counts.
        }
        throw refused;
      }
    }
    return done;
  }

  // ---- the end of an epoch

  /**
   * Gives every waiting page a place and commits that together with the record. Space has been
   * reserved, so only a failing medium can refuse.
   */
  void flush(LiveInode inode) throws FsException {
    if (inode.isGone() || (inode.pages().isEmpty() && !inode.isAhead())) {
      return;
    }
    try (PosixTransaction tx = volume.begin(Purpose.RELEASE)) {
      FileExtents extents = new FileExtents(tx, inode.value());
      Map<Long, byte[]> pages = inode.pages().all();
      ByteBuffer run = runBuffer(pages.size());
      long runStart = 0;
      for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
        long block = page.getKey();
        long runBlocks = run.position() >> PAGE_SHIFT;
        if (run.position() > 0 && (block != runStart + runBlocks || !run.hasRemaining())) {
          flushRun(tx, inode, extents, runStart, run.flip());
          run.clear();
        }
        if (run.position() == 0) {
          runStart = block;
        }
        run.put(page.getValue());
      }
      if (run.position() > 0) {
        flushRun(tx, inode, extents, runStart, run.flip());
      }
      InodeRecord record = inode.record();
      InodeRecord after = record.withBlocks(record.blocks() + extents.gained());
      tx.putInode(inode.value(), after);
      tx.commit();
      inode.committed(after);
    }
    inode.pages().clear();
    epochs.trimReservation(inode);
    inode.pagesChanged();
  }

  private ByteBuffer runBuffer(int pages) {
    // Most flushes are of a small file; the large buffer is for streams.
    return pages <= 16 ? ByteBuffer.allocate(Math.max(pages, 1) * PAGE_BYTES) : runs.get().clear();
  }

  private void flushRun(
      PosixTransaction tx, LiveInode inode, FileExtents extents, long fileBlock, ByteBuffer run)
      throws FsException {
    long at = fileBlock;
    long end = fileBlock + (run.remaining() >> PAGE_SHIFT);
    while (at < end) {
      PosixMap.PlacedExtent there = tx.extentAt(inode.value(), at);
      boolean unwritten = there != null && there.fileBlock() <= at && !there.extent().isWritten();
      long partEnd = end;
      if (there != null && unwritten) {
        partEnd = Math.min(end, there.end());
      } else {
        partEnd = nextUnwritten(tx, inode, at, end);
      }
      ByteBuffer part = run.slice(run.position(), (int) (partEnd - at) << PAGE_SHIFT);
      run.position(run.position() + part.remaining());
      if (there != null && unwritten) {
        extents.put(at, tx.writeInto(extents.detach(there, at, partEnd), part));
      } else {
        extents.cut(at, partEnd);
        long block = at;
        for (FileExtentRecord record :
            tx.write(epochs.reservation(inode), extents.near(at), part)) {
          block = putSplit(extents, block, record);
        }
      }
      at = partEnd;
    }
  }

  private static long putSplit(FileExtents extents, long fileBlock, FileExtentRecord record)
      throws FsException {
    extents.put(fileBlock, record);
    return fileBlock + record.blocks();
  }

  private static long nextUnwritten(PosixTransaction tx, LiveInode inode, long from, long end)
      throws FsException {
    long at = from;
    while (at < end) {
      PosixMap.PlacedExtent there = tx.extentAt(inode.value(), at);
      if (there == null || there.fileBlock() >= end) {
        return end;
      }
      if (!there.extent().isWritten()) {
        return Math.max(at, there.fileBlock());
      }
      at = there.end();
    }
    return end;
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

  private static long saturatedSum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
