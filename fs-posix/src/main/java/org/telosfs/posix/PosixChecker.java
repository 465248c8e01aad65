package org.telosfs.posix;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.telosfs.block.Key;
import org.telosfs.block.volume.MapCursor;
import org.telosfs.block.volume.MapReader;
import org.telosfs.posix.CheckFinding.Kind;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.KeyFamily;
import org.telosfs.posix.format.PosixFormatException;
import org.telosfs.posix.format.PosixHeader;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.posix.format.SharedBlocksRecord;
import org.telosfs.vfs.FileType;

/**
 * Verifies that a filesystem agrees with itself: that every row can be read, and that what inodes
 * say of their names, entries and blocks is what there is. Reads the map once, in key order, with
 * two look-ups an entry; keeps some 200 bytes an inode and 50 an extent. Repairs nothing. Whether
 * blocks hold what they should, and whether any leak, is for a scrub of the volume to say, by way
 * of {@link PosixExtentWalk}.
 */
public final class PosixChecker {
  private static final Key LEAST_KEY = Key.of((byte) 0);

  private final MapReader map;
  private final PosixHeader header;
  private final CheckFindings found;

  /** In the order of their numbers; complete before any other family's row is looked at. */
  private final Map<Long, CheckedInode> inodes = new LinkedHashMap<>();

  private final EntryCheck entries;
  private final ExtentCheck extents;
  private final XattrCheck xattrs;
  private final QuotaCheck quotas;

  private PosixChecker(MapReader map, PosixHeader header, CheckFindings found) {
    this.map = map;
    this.header = header;
    this.found = found;
    this.entries = new EntryCheck(map, inodes, found);
    this.extents = new ExtentCheck(found);
    this.xattrs = new XattrCheck(found);
    this.quotas = new QuotaCheck(found);
  }

  /** Checks the filesystem in a map that does not change meanwhile; damage is a finding. */
  public static PosixCheckReport check(MapReader map) {
    CheckFindings found = new CheckFindings();
    try {
      byte[] header = map.get(Key.of(PosixKeys.header()));
      if (header == null) {
        found.add(Kind.HEADER, 0, "the volume holds no TelosFS filesystem");
        return found.report(0);
      }
      PosixChecker checker = new PosixChecker(map, PosixHeader.decode(header), found);
      checker.checkRows();
      checker.checkWhole();
      return found.report(checker.inodes.size());
    } catch (PosixFormatException unknown) {
      found.add(Kind.HEADER, 0, String.valueOf(unknown.getMessage()));
    } catch (IOException damaged) {
      found.add(Kind.MAP, 0, "the map cannot be read on: " + damaged.getMessage());
    }
    return found.report(0);
  }

  private void checkRows() throws IOException {
    MapCursor cursor = map.scan(LEAST_KEY, null);
    while (cursor.next()) {
      byte[] key = cursor.key().bytes();
      KeyFamily family = KeyFamily.of(key[0]);
      if (family == null || !PosixKeys.hasRightLength(key, family)) {
        found.add(Kind.KEY, 0, "key " + cursor.key() + " is none of this filesystem's");
      } else if (family == KeyFamily.SHARED_BLOCKS) {
        checkSharedBlocks(PosixKeys.inodeOf(key), cursor.value());
      } else if (family == KeyFamily.QUOTA) {
        quotas.quota(key, cursor.value());
      } else if (family != KeyFamily.HEADER) {
        checkRow(family, key, cursor.value());
      }
    }
  }

  private void checkRow(KeyFamily family, byte[] key, byte[] value) throws IOException {
    long number = PosixKeys.inodeOf(key);
    try {
      if (family == KeyFamily.INODE) {
        addInode(number, value);
        return;
      }
      CheckedInode inode = inodes.get(number);
      if (inode == null) {
        found.add(Kind.NO_INODE, number, "does not exist, and has a row of " + family);
      } else {
        checkRowOf(inode, family, key, value);
      }
    } catch (PosixFormatException damaged) {
      found.add(Kind.RECORD, number, family + ": " + damaged.getMessage());
    }
  }

  private void checkSharedBlocks(long startBlock, byte[] value) {
    try {
      extents.sharedBlocks(startBlock, SharedBlocksRecord.decode(value));
    } catch (PosixFormatException damaged) {
      found.add(Kind.RECORD, 0, "block " + startBlock + ": " + damaged.getMessage());
    }
  }

  private void addInode(long number, byte[] value) throws PosixFormatException {
    if (number == 0 || Long.compareUnsigned(number, header.inodeLimit()) >= 0) {
      found.add(
          Kind.INODE_LIMIT,
          number,
          "inode " + Long.toUnsignedString(number) + " is outside the numbers that were given out");
    }
    InodeRecord record = null;
    try {
      record = InodeRecord.decode(value);
    } finally {
      inodes.put(number, new CheckedInode(number, record));
    }
  }

  private void checkRowOf(CheckedInode inode, KeyFamily family, byte[] key, byte[] value)
      throws IOException {
    switch (family) {
      case HEADER, INODE, SHARED_BLOCKS, QUOTA ->
          throw new IllegalArgumentException(family.toString());
      case ENTRY_BY_HASH -> {
        requireType(inode, FileType.DIRECTORY, Kind.ENTRY, "an entry");
        entries.byHash(inode, PosixKeys.secondOf(key), value);
      }
      case ENTRY_BY_COOKIE -> entries.byCookie(inode, PosixKeys.secondOf(key), value);
      case EXTENT -> extents.extent(inode, PosixKeys.secondOf(key), value);
      case XATTR -> xattrs.piece(inode, key, value);
      case ORPHAN -> {
        if (value.length > 0) {
          throw new PosixFormatException("a value of " + value.length + " bytes");
        }
        inode.orphaned();
      }
      case SYMLINK -> {
        requireType(inode, FileType.SYMLINK, Kind.SYMLINK, "a target");
        inode.leadsTo(value.length);
      }
    }
  }

  private void requireType(CheckedInode inode, FileType type, Kind kind, String what) {
    if (!inode.mayBe(type)) {
      found.add(kind, inode.number(), "is no " + type + ", and has " + what);
    }
  }

  private void checkWhole() {
    xattrs.finish();
    for (CheckedInode inode : inodes.values()) {
      inode.check(found);
    }
    extents.checkShared();
    quotas.check(header.has(PosixHeader.QUOTAS), inodes.values());
    new DirectoryTreeCheck(inodes, found).check();
  }
}
