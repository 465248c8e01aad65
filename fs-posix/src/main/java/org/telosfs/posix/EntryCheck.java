package org.telosfs.posix;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.telosfs.block.Key;
import org.telosfs.block.volume.MapReader;
import org.telosfs.posix.CheckFinding.Kind;
import org.telosfs.posix.format.EntryRecord;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.NameHash;
import org.telosfs.posix.format.PosixFormatException;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.vfs.FileName;

/** Directory entries: each leads to an inode, and both families have the same ones. */
final class EntryCheck {
  private final MapReader map;
  private final Map<Long, CheckedInode> inodes;
  private final CheckFindings found;

  EntryCheck(MapReader map, Map<Long, CheckedInode> inodes, CheckFindings found) {
    this.map = map;
    this.inodes = inodes;
    this.found = found;
  }

  /** The entries of one hash; these are what the names of an inode are counted by. */
  void byHash(CheckedInode directory, long hash, byte[] value) throws IOException {
    Set<FileName> seen = new HashSet<>();
    for (EntryRecord entry : EntryRecord.decode(value)) {
      if (entry.name().isDots() || NameHash.of(entry.name()) != hash || !seen.add(entry.name())) {
        found.add(Kind.ENTRY, directory.number(), "name " + entry.name() + " lies where it cannot");
      }
      byte[] listed = map.get(Key.of(PosixKeys.entryByCookie(directory.number(), entry.cookie())));
      if (listed == null || !Arrays.equals(listed, entry.encode())) {
        found.add(
            Kind.ENTRY_FAMILIES,
            directory.number(),
            "name " + entry.name() + " can be looked up, but is not listed so");
      }
      checkCookie(directory, entry);
      directory.holds(entry.type());
      checkTarget(directory, entry);
    }
  }

  private void checkCookie(CheckedInode directory, EntryRecord entry) {
    InodeRecord record = directory.record();
    if (entry.cookie() < InodeRecord.FIRST_COOKIE
        || (record != null && entry.cookie() >= record.nextCookie())) {
      found.add(
          Kind.COOKIE,
          directory.number(),
          "name "
              + entry.name()
              + " has cookie "
              + entry.cookie()
              + (record == null ? "" : ", the next one is " + record.nextCookie()));
    }
  }

  private void checkTarget(CheckedInode directory, EntryRecord entry) {
    CheckedInode target = inodes.get(entry.inode());
    if (target == null) {
      found.add(
          Kind.NO_INODE,
          directory.number(),
          "name "
              + entry.name()
              + " leads to inode "
              + Long.toUnsignedString(entry.inode())
              + ", which does not exist");
      return;
    }
    target.named(directory.number());
    if (!target.mayBe(entry.type())) {
      found.add(
          Kind.ENTRY,
          directory.number(),
          "name " + entry.name() + " says that inode " + target.number() + " is a " + entry.type());
    }
  }

  /** The entry of one cookie. */
  void byCookie(CheckedInode directory, long cookie, byte[] value) throws IOException {
    List<EntryRecord> entries = EntryRecord.decode(value);
    EntryRecord entry = entries.get(0);
    if (entries.size() > 1 || entry.cookie() != cookie) {
      throw new PosixFormatException(
          entries.size() + " entries, the first of cookie " + entry.cookie());
    }
    byte[] sameHash = map.get(Key.of(PosixKeys.entryByHash(directory.number(), entry.name())));
    if (sameHash == null || !EntryRecord.decode(sameHash).contains(entry)) {
      found.add(
          Kind.ENTRY_FAMILIES,
          directory.number(),
          "name " + entry.name() + " is listed, but cannot be looked up so");
    }
  }
}
