package org.telosfs.fuse.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.DirectoryEntry;
import org.telosfs.vfs.Entry;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.Opened;
import org.telosfs.vfs.StatFs;
import org.telosfs.vfs.Timestamp;
import org.telosfs.vfs.XattrName;

class ReplyWriterTest {
  private static final int BODY = 16;
  private static final Attributes FILE =
      new Attributes(
          new InodeNumber(0xFFFF_FFFF_0000_0007L),
          FileType.CHARACTER_DEVICE,
          04755,
          3,
          1000,
          -2,
          0x12345678,
          1L << 40,
          8,
          new Timestamp(-1, 1),
          new Timestamp(2, 3),
          new Timestamp(4, 5),
          new Timestamp(6, 7));

  private final ByteBuffer out = ByteBuffer.allocateDirect(8192).order(ByteOrder.nativeOrder());
  private final ReplyWriter reply = writer(Duration.ofMillis(2500));

  private ReplyWriter writer(Duration negative) {
    return new ReplyWriter(
        out,
        new FileSystemTraits(
            "t", false, true, true, Duration.ofSeconds(10), Duration.ofSeconds(20, 5), negative));
  }

  /** What a reply does not write must not be left over from the last one. */
  @BeforeEach
  void dirtyBuffer() {
    for (int i = 0; i < out.capacity(); i++) {
      out.put(i, (byte) 0xAA);
    }
    reply.begin(77);
  }

  @Test
  void bareSuccessIsAHeader() {
    assertEquals(16, reply.end());
    assertEquals(16, out.getInt(0));
    assertEquals(0, out.getInt(4));
    assertEquals(77, out.getLong(8));
  }

  @Test
  void refusalIsANegativeErrnoWithoutBody() {
    reply.entry(new Entry(FILE, 1));
    reply.refuse(Errno.ENOSPC.number());
    assertEquals(16, reply.end());
    assertEquals(-28, out.getInt(4));
    assertEquals(28, reply.errno());
  }

  @Test
  void noReplyIsNothingToSend() {
    reply.none();
    assertEquals(0, reply.end());
  }

  @Test
  void entryHasItsTimesToLiveAndAttributes() {
    reply.entry(new Entry(FILE, 9));
    assertEquals(16 + 128, reply.end());
    assertEquals(0xFFFF_FFFF_0000_0007L, reply.entryNode());
    assertEquals(9, out.getLong(BODY + 8));
    assertEquals(10, out.getLong(BODY + 16));
    assertEquals(20, out.getLong(BODY + 24));
    assertEquals(0, out.getInt(BODY + 32));
    assertEquals(5, out.getInt(BODY + 36));
    assertAttributes(BODY + 40);
  }

  @Test
  void attributesAreWhole() {
    reply.attributes(FILE);
    assertEquals(16 + 104, reply.end());
    assertEquals(20, out.getLong(BODY));
    assertEquals(5, out.getInt(BODY + 8));
    assertEquals(0, out.getInt(BODY + 12));
    assertAttributes(BODY + 16);
  }

  private void assertAttributes(int at) {
    assertEquals(0xFFFF_FFFF_0000_0007L, out.getLong(at));
    assertEquals(1L << 40, out.getLong(at + 8));
    assertEquals(8, out.getLong(at + 16));
    assertEquals(-1, out.getLong(at + 24));
    assertEquals(2, out.getLong(at + 32));
    assertEquals(4, out.getLong(at + 40));
    assertEquals(1, out.getInt(at + 48));
    assertEquals(3, out.getInt(at + 52));
    assertEquals(5, out.getInt(at + 56));
    assertEquals(024755, out.getInt(at + 60));
    assertEquals(3, out.getInt(at + 64));
    assertEquals(1000, out.getInt(at + 68));
    assertEquals(-2, out.getInt(at + 72));
    assertEquals(0x12345678, out.getInt(at + 76));
    assertEquals(4096, out.getInt(at + 80));
    assertEquals(0, out.getInt(at + 84));
  }

  @Test
  void statxHasTheBirthTimeAndSplitsTheDevice() {
    reply.extendedAttributes(FILE);
    assertEquals(16 + 288, reply.end());
    int stat = BODY + 32;
    assertEquals(0xFFF, out.getInt(stat));
    assertEquals(024755, out.getShort(stat + 28) & 0xFFFF);
    assertEquals(6, out.getLong(stat + 80));
    assertEquals(7, out.getInt(stat + 88));
    assertEquals(0, out.getInt(stat + 92));
    assertEquals(0x456, out.getInt(stat + 128), "major");
    assertEquals(0x12378, out.getInt(stat + 132), "minor");
    assertEquals(0, out.getLong(stat + 248));
  }

  @Test
  void absenceMayBeRemembered() {
    reply.noEntry();
    assertEquals(16 + 128, reply.end());
    assertEquals(0, reply.entryNode());
    assertEquals(2, out.getLong(BODY + 16));
    assertEquals(500_000_000, out.getInt(BODY + 32));
    assertEquals(0, out.getLong(BODY + 120));
  }

  @Test
  void absenceIsNotRememberedWithoutATimeToLive() {
    ReplyWriter forgetful = writer(Duration.ZERO);
    forgetful.begin(1);
    forgetful.noEntry();
    assertEquals(16, forgetful.end());
    assertEquals(-2, out.getInt(4));
  }

  @Test
  void openTellsHandleAndCaching() {
    reply.opened(new Opened(new FileHandle(5), true, false, null));
    assertEquals(16 + 16, reply.end());
    assertEquals(5, out.getLong(BODY));
    assertEquals(2, out.getLong(BODY + 8), "FOPEN_KEEP_CACHE, no backing id");
    reply.opened(Opened.uncached(new FileHandle(6)));
    assertEquals(1, out.getLong(BODY + 8), "FOPEN_DIRECT_IO");
    reply.openedDirectory(Opened.cached(new FileHandle(7)));
    assertEquals(2 | 8, out.getLong(BODY + 8), "FOPEN_CACHE_DIR");
    assertEquals(7, reply.openedHandle());
  }

  @Test
  void createdIsEntryAndOpen() {
    reply.created(new Entry(FILE, 1), Opened.cached(new FileHandle(5)));
    assertEquals(16 + 144, reply.end());
    assertEquals(5, reply.createdHandle());
    assertEquals(2, out.getLong(BODY + 136));
  }

  @Test
  void contentLiesRightAfterTheHeader() {
    ByteBuffer room = reply.contentRoom(100);
    assertEquals(100, room.remaining());
    room.put((byte) 1).put((byte) 2);
    reply.content(2);
    assertEquals(18, reply.end());
    assertEquals(2, out.get(17));
  }

  @Test
  void contentRoomIsBoundByTheBuffer() {
    assertEquals(8192 - 16, reply.contentRoom(1 << 20).remaining());
  }

  @Test
  void xattrSizeIsToldFirst() throws Exception {
    reply.xattr(new byte[5], 0);
    assertEquals(24, reply.end());
    assertEquals(5, out.getLong(BODY));
    reply.begin(1);
    reply.xattr(new byte[5], 5);
    assertEquals(21, reply.end());
    assertEquals(
        Errno.ERANGE, assertThrows(FsException.class, () -> reply.xattr(new byte[5], 4)).errno());
  }

  @Test
  void xattrNamesEndWithNul() throws Exception {
    List<XattrName> names = List.of(XattrName.of("user.a"), XattrName.of("user.bc"));
    reply.xattrNames(names, 0);
    assertEquals(15, out.getLong(BODY));
    reply.xattrNames(names, 15);
    assertEquals(31, reply.end());
    assertEquals(0, out.get(BODY + 6));
    assertEquals('u', out.get(BODY + 7));
    assertEquals(0, out.get(BODY + 14));
  }

  @Test
  void statfs() {
    reply.statfs(new StatFs(4096, 1, 2, 3, 4, 5));
    assertEquals(16 + 80, reply.end());
    assertEquals(1, out.getLong(BODY));
    assertEquals(5, out.getLong(BODY + 32));
    assertEquals(4096, out.getInt(BODY + 40));
    assertEquals(255, out.getInt(BODY + 44));
    assertEquals(4096, out.getInt(BODY + 48));
    assertEquals(0, out.getLong(BODY + 72));
  }

  @Test
  void listingStopsBeforeWhatDoesNotFit() {
    DirentWriter listing = reply.listingRoom(70); // 32 + 32 + 6
    assertTrue(listing.accept(line("a", 1)));
    assertTrue(listing.accept(line("12345678", 2)));
    assertTrue(!listing.accept(line("b", 3)));
    reply.listing();
    assertEquals(16 + 64, reply.end());
    assertEquals(42, out.getLong(BODY + 32));
    assertEquals(2, out.getLong(BODY + 40));
    assertEquals(8, out.getInt(BODY + 48));
    assertEquals(8, out.getInt(BODY + 52));
    assertEquals('8', out.get(BODY + 63));
  }

  @Test
  void namesArePaddedWithZeros() {
    reply.listingRoom(4096).accept(line("a", 1));
    assertEquals('a', out.get(BODY + 24));
    for (int i = 25; i < 32; i++) {
      assertEquals(0, out.get(BODY + i));
    }
  }

  @Test
  void plusListingTellsWhatItHasLookedUp() {
    DirentWriter listing = reply.listingRoom(4096);
    assertTrue(
        listing.accept(
            new DirectoryEntry(InodeNumber.ROOT, FileType.DIRECTORY, FileName.DOT, 1), null));
    assertTrue(listing.accept(line("longer-than-eight", 2), new Entry(FILE, 1)));
    assertTrue(listing.accept(line("x", 3), new Entry(FILE, 1)));
    reply.listing();
    assertEquals(16 + (128 + 32) + (128 + 48) + (128 + 32), reply.end());
    assertEquals(0, out.getLong(BODY), ". is not looked up");
    List<Long> nodes = new ArrayList<>();
    reply.writtenListing().forEachLookup(nodes::add);
    assertEquals(List.of(FILE.inode().value(), FILE.inode().value()), nodes);
  }

  @Test
  void longestNameFits() {
    assertTrue(reply.listingRoom(4096).accept(line("n".repeat(255), 1)));
    reply.listing();
    assertEquals(16 + 280, reply.end());
  }

  @Test
  void notifications() {
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(NotifyWriter.BUFFER_BYTES).order(ByteOrder.nativeOrder());
    NotifyWriter notify = new NotifyWriter(buffer);
    assertEquals(16 + 16 + 4, notify.invalidateEntry(new InodeNumber(5), FileName.of("abc")));
    assertEquals(36, buffer.getInt(0));
    assertEquals(3, buffer.getInt(4));
    assertEquals(0, buffer.getLong(8));
    assertEquals(5, buffer.getLong(16));
    assertEquals(3, buffer.getLong(24));
    assertEquals('c', buffer.get(34));
    assertEquals(0, buffer.get(35));
    assertEquals(16 + 24, notify.invalidateInode(new InodeNumber(6)));
    assertEquals(2, buffer.getInt(4));
    assertEquals(6, buffer.getLong(16));
    assertEquals(0, buffer.getLong(24));
    assertEquals(0, buffer.getLong(32));
    assertEquals(288, notify.invalidateEntry(new InodeNumber(5), FileName.of("n".repeat(255))));
  }

  private static DirectoryEntry line(String name, long next) {
    return new DirectoryEntry(new InodeNumber(42), FileType.REGULAR, FileName.of(name), next);
  }
}
