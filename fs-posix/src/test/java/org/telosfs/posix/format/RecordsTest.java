package org.telosfs.posix.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.DataExtent;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.Timestamp;

/** Records as bytes: read back as they were, written once, and refused when damaged. */
class RecordsTest {
  private static final InodeRecord INODE =
      new InodeRecord(
          FileType.REGULAR,
          06755,
          3,
          -2,
          100,
          0,
          12345678901L,
          77,
          new Timestamp(-1, 999_999_999),
          new Timestamp(1L << 33, 1),
          new Timestamp(2, 2),
          new Timestamp(3, 3),
          0,
          0,
          0,
          InodeRecord.MAY_HAVE_XATTRS | InodeRecord.MAY_SHARE_BLOCKS,
          42);

  private static final FileExtentRecord WRITTEN =
      new FileExtentRecord(new DataExtent(4711, 3, 9), BlockChecksums.of(1, -1, 0x12345678));

  private static final String INODE_FIELDS =
      "080ded00000003fffffffe0000006400000000"
          + "00000002dfdc1c35000000000000004d"
          + "ffffffffffffffff3b9ac9ff"
          + "000000020000000000000001"
          + "000000000000000200000002"
          + "000000000000000300000003"
          + "00000000000000000000000000000000";

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** A decoder under test. */
  @FunctionalInterface
  private interface Decoder {
    Object decode(byte[] bytes) throws PosixFormatException;
  }

  private static void refusesEveryPrefix(byte[] whole, Decoder decoder) {
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(PosixFormatException.class, () -> decoder.decode(cut), length + " bytes");
    }
  }

  @Test
  void inodeIsReadBack() throws PosixFormatException {
    assertEquals(INODE, InodeRecord.decode(INODE.encode()));
    Timestamp now = new Timestamp(5, 5);
    InodeRecord directory =
        new InodeRecord(
            FileType.DIRECTORY, 0755, 2, 0, 0, 0, 0, 0, now, now, now, now, 1, 42, 45, 0, 0);
    assertEquals(directory, InodeRecord.decode(directory.encode()));
  }

  /** Version 1 ended before the flags; such an inode may have attributes. */
  @Test
  void inodeOfVersionOneIsRead() throws PosixFormatException {
    InodeRecord read = InodeRecord.decode(HexFormat.of().parseHex("01" + INODE_FIELDS));
    assertEquals(InodeRecord.MAY_HAVE_XATTRS, read.flags());
    assertEquals(0, read.project());
    assertEquals(INODE, read.withProject(INODE.project()).withFlags(InodeRecord.MAY_SHARE_BLOCKS));
  }

  /** Written once: a change of these bytes is another version. */
  @Test
  void recordsAreAsTheyAlwaysWere() {
    assertEquals("02" + INODE_FIELDS + "000000030000002a", hex(INODE.encode()));
    assertEquals(
        "010100030000000000001267000000000000000900000001ffffffff12345678", hex(WRITTEN.encode()));
    assertEquals(
        "0102000200000000000000080000000000000001",
        hex(new FileExtentRecord(new DataExtent(8, 2, 1), null).encode()));
    assertEquals(
        "0000000000000005000000000000000708046e616d65",
        hex(new EntryRecord(5, 7, FileType.REGULAR, FileName.of("name")).encode()));
    assertEquals(
        "54504653000100000000000000000000000000000000002a", hex(new PosixHeader(0, 42).encode()));
    assertEquals("010000000000020000000003", hex(new SharedBlocksRecord(512, 3).encode()));
  }

  @Test
  void damagedInodeIsRefused() {
    byte[] whole = INODE.encode();
    refusesEveryPrefix(whole, InodeRecord::decode);
    for (int at : new int[] {0, 1, 2, 4, 20, 28, 44}) {
      byte[] damaged = whole.clone();
      damaged[at] = (byte) 0xEE;
      assertThrows(PosixFormatException.class, () -> InodeRecord.decode(damaged), "byte " + at);
    }
  }

  @Test
  void extentIsReadBack() throws PosixFormatException {
    assertEquals(WRITTEN, FileExtentRecord.decode(WRITTEN.encode()));
    FileExtentRecord unwritten = new FileExtentRecord(new DataExtent(8, 512, 1), null);
    assertEquals(unwritten, FileExtentRecord.decode(unwritten.encode()));
  }

  @Test
  void damagedExtentIsRefused() {
    byte[] whole = WRITTEN.encode();
    refusesEveryPrefix(whole, FileExtentRecord::decode);
    for (int at : new int[] {0, 1, 2, 3, 4, 12}) {
      byte[] damaged = whole.clone();
      damaged[at] = (byte) 0xEE;
      assertThrows(
          PosixFormatException.class, () -> FileExtentRecord.decode(damaged), "byte " + at);
    }
  }

  @Test
  void partsOfAnExtentJoinAgain() {
    FileExtentRecord head = WRITTEN.part(0, 1);
    FileExtentRecord tail = WRITTEN.part(1, 2);
    assertEquals(BlockChecksums.of(-1, 0x12345678), tail.checksums());
    assertEquals(true, head.joins(tail));
    assertEquals(false, tail.joins(head));
    assertEquals(WRITTEN, head.joined(tail));
  }

  @Test
  void longestExtentFitsIntoAValue() {
    int[] sums = new int[FileExtentRecord.MAX_BLOCKS];
    FileExtentRecord longest =
        new FileExtentRecord(
            new DataExtent(1, FileExtentRecord.MAX_BLOCKS, 0), BlockChecksums.of(sums));
    assertEquals(20 + 4 * 512, longest.encode().length);
  }

  @Test
  void entriesOfOneHashStandSideBySide() throws PosixFormatException {
    List<EntryRecord> entries =
        List.of(
            new EntryRecord(5, 7, FileType.REGULAR, FileName.of("a")),
            new EntryRecord(6, 9, FileType.DIRECTORY, FileName.of("b".repeat(255))));
    assertEquals(entries, EntryRecord.decode(EntryRecord.encode(entries)));
    refusesEveryPrefix(entries.get(0).encode(), EntryRecord::decode);
  }

  @Test
  void damagedCountOfSharedBlocksIsRefused() throws PosixFormatException {
    SharedBlocksRecord record = new SharedBlocksRecord(1, 2);
    assertEquals(record, SharedBlocksRecord.decode(record.encode()));
    refusesEveryPrefix(record.encode(), SharedBlocksRecord::decode);
    for (int at : new int[] {0, 7, 11}) {
      byte[] damaged = record.encode();
      damaged[at] = 0;
      assertThrows(PosixFormatException.class, () -> SharedBlocksRecord.decode(damaged));
    }
  }

  @Test
  void headerOfANewerProgramIsRefused() throws PosixFormatException {
    byte[] whole = new PosixHeader(0, 42).encode();
    assertEquals(new PosixHeader(0, 42), PosixHeader.decode(whole));
    refusesEveryPrefix(whole, PosixHeader::decode);
    for (int at : new int[] {0, 5, 14}) {
      byte[] newer = whole.clone();
      newer[at]++;
      assertThrows(PosixFormatException.class, () -> PosixHeader.decode(newer), "byte " + at);
    }
  }
}
