package org.telosfs.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.block.DataExtent;
import org.telosfs.block.DeviceImage;
import org.telosfs.block.ImageBlockDevice;
import org.telosfs.block.Key;
import org.telosfs.block.volume.MapCursor;
import org.telosfs.block.volume.Purpose;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeConfig;
import org.telosfs.block.volume.VolumeTransaction;
import org.telosfs.posix.CheckFinding.Kind;
import org.telosfs.posix.format.EntryRecord;
import org.telosfs.posix.format.FileExtentRecord;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.PosixHeader;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.posix.format.SharedBlocksRecord;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.ManualClock;
import org.telosfs.vfs.PathWalk;
import org.telosfs.vfs.VfsOperation;
import org.telosfs.vfs.VfsSession;
import org.telosfs.vfs.XattrMode;
import org.telosfs.vfs.XattrName;
import org.telosfs.vfs.acl.AclEntry;
import org.telosfs.vfs.acl.AclKind;

/** A healthy tree has no findings, and each damage planted in one is found. */
class PosixCheckerTest {
  private static final int SECTOR_BYTES = 512;
  private static final long DEVICE_BYTES = 16 << 20;
  private static final int BLOCK_BYTES = 4096;
  private static final long ROOT = InodeNumber.ROOT.value();
  private static final int MUTATIONS = Boolean.getBoolean("telosfs.long") ? 200_000 : 5_000;
  private static final long NOBODY = 4_000_000;

  private static DeviceImage healthy;
  private static long dir;
  private static long sub;
  private static long file;
  private static long other;
  private static long link;

  @BeforeAll
  static void makeTree() throws IOException, FsException {
    ImageBlockDevice device = DeviceImage.blank(SECTOR_BYTES, DEVICE_BYTES).device();
    PosixFileSystem tree = PosixFixture.fresh(device, new ManualClock());
    VfsSession session = new VfsSession(tree);
    PathWalk walk = session.walk();
    dir = walk.directory("dir").value();
    sub = walk.directory("dir/sub").value();
    file = walk.file("file").value();
    other = walk.file("dir/other").value();
    link = walk.symlink("link", "target").value();
    walk.link("file", "dir/sub/second");
    for (VfsOperation operation :
        List.of(
            new VfsOperation.Write("file", 0, 5 * BLOCK_BYTES, 1, false),
            new VfsOperation.Write("file", 40 * BLOCK_BYTES, 100, 2, false),
            new VfsOperation.Write("dir/other", 0, 3 * BLOCK_BYTES, 3, false),
            new VfsOperation.SetXattr("file", "user.long", 7_000, 4, XattrMode.SET),
            new VfsOperation.SetAcl("dir/other", AclKind.ACCESS, longList(), false),
            new VfsOperation.SetAcl("dir", AclKind.DEFAULT, longList(), false))) {
      String result = operation.applyTo(session);
      assertTrue(!result.matches("E[A-Z]+"), result);
    }
    tree.close();
    healthy = device.image();
  }

  // ---- healthy trees

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 0xC0FFEE})
  void aHealthyTreeHasNoFindings(long seed) throws IOException, FsException {
    ImageBlockDevice device = DeviceImage.blank(SECTOR_BYTES, 4 * DEVICE_BYTES).device();
    ManualClock clock = new ManualClock();
    PosixFixture.format(device, clock);
    List<VfsOperation> operations = VfsOperation.sequence(seed, 3_000);
    int done = 0;
    while (done < operations.size()) {
      Volume volume = Volume.open(device, VolumeConfig.deterministic());
      PosixFileSystem tree = PosixFileSystem.open(volume, PosixConfig.deterministic(clock));
      TreeHealth.assertConsistent(volume);
      VfsSession session = new VfsSession(tree);
      for (int end = done + 600; done < end; done++) {
        clock.tick();
        operations.get(done).applyTo(session);
        if (done % 20 == 0) {
          tree.endEpoch();
          TreeHealth.assertConsistent(
              volume); // What is open without a name is an orphan, and well.
        }
      }
      session.releaseAll();
      tree.syncAll();
      TreeHealth.assertConsistent(volume);
      TreeHealth.assertScrubbed(volume);
      tree.close();
    }
  }

  // ---- planted damage

  /** The rows of a tree, to be damaged. */
  private record Rows(VolumeTransaction tx) {
    void put(byte[] key, byte[] value) {
      tx.put(Key.of(key), value);
    }

    void delete(byte[] key) {
      tx.delete(Key.of(key));
    }

    byte[] get(byte[] key) throws IOException {
      byte[] value = tx.get(Key.of(key));
      assertTrue(value != null, "a row to damage");
      return value.clone();
    }

    void change(long inode, UnaryOperator<InodeRecord> change) throws IOException {
      InodeRecord record = InodeRecord.decode(get(PosixKeys.inode(inode)));
      put(PosixKeys.inode(inode), change.apply(record).encode());
    }

    EntryRecord entry(long directory, String name) throws IOException {
      return EntryRecord.decode(get(PosixKeys.entryByHash(directory, FileName.of(name)))).get(0);
    }

    void putEntry(long directory, EntryRecord entry) {
      put(PosixKeys.entryByHash(directory, entry.name()), entry.encode());
      put(PosixKeys.entryByCookie(directory, entry.cookie()), entry.encode());
    }

    void deleteEntry(long directory, String name) throws IOException {
      EntryRecord entry = entry(directory, name);
      delete(PosixKeys.entryByHash(directory, entry.name()));
      delete(PosixKeys.entryByCookie(directory, entry.cookie()));
    }

    FileExtentRecord extent(long inode, long fileBlock) throws IOException {
      return FileExtentRecord.decode(get(PosixKeys.extent(inode, fileBlock)));
    }

    void moveExtent(long inode, long fileBlock, long toInode, long toBlock) throws IOException {
      byte[] value = get(PosixKeys.extent(inode, fileBlock));
      delete(PosixKeys.extent(inode, fileBlock));
      put(PosixKeys.extent(toInode, toBlock), value);
    }
  }

  private interface Plant {
    void in(Rows rows) throws IOException;
  }

  /** What is planted, and the kinds of all findings that it makes. */
  private record Damage(String name, Set<Kind> makes, Plant plant) {
    static Damage of(String name, Plant plant, Kind... makes) {
      return new Damage(name, new TreeSet<>(List.of(makes)), plant);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static XattrName longAttribute() {
    return XattrName.of("user.long");
  }

  /** Takes more than one piece. */
  private static List<AclEntry> longList() {
    List<AclEntry> entries = new ArrayList<>();
    entries.add(AclEntry.of(AclEntry.Tag.OWNER, 6));
    for (int user = 0; user < 500; user++) {
      entries.add(new AclEntry(AclEntry.Tag.USER, 4, user));
    }
    entries.add(AclEntry.of(AclEntry.Tag.OWNING_GROUP, 4));
    entries.add(AclEntry.of(AclEntry.Tag.MASK, 6));
    entries.add(AclEntry.of(AclEntry.Tag.OTHERS, 0));
    return entries;
  }

  private static byte[] list(long inode, AclKind kind) {
    return PosixKeys.xattr(inode, kind.attribute(), 0);
  }

  static Stream<Damage> rows() {
    return Stream.of(
        Damage.of("no header", rows -> rows.delete(PosixKeys.header()), Kind.HEADER),
        Damage.of(
            "header of a newer program",
            rows -> rows.put(PosixKeys.header(), new PosixHeader(1L << 40, 100).encode()),
            Kind.HEADER),
        Damage.of(
            "limit at a number in use",
            rows -> rows.put(PosixKeys.header(), new PosixHeader(0, link).encode()),
            Kind.INODE_LIMIT),
        Damage.of("key before all", rows -> rows.put(new byte[] {0}, new byte[3]), Kind.KEY),
        Damage.of("key after all", rows -> rows.put(new byte[] {-1}, new byte[3]), Kind.KEY),
        Damage.of("key cut short", rows -> rows.put(new byte[] {5, 0, 0}, new byte[3]), Kind.KEY),
        Damage.of(
            "inode cut short", rows -> rows.put(PosixKeys.inode(other), new byte[9]), Kind.RECORD),
        Damage.of(
            "extent cut short",
            rows -> rows.put(PosixKeys.extent(other, 0), new byte[9]),
            Kind.RECORD,
            Kind.BLOCK_COUNT),
        Damage.of(
            "entry cut short",
            rows -> rows.put(PosixKeys.entryByHash(ROOT, FileName.of("link")), new byte[9]),
            Kind.RECORD,
            Kind.ENTRY_COUNT,
            Kind.NO_NAME),
        Damage.of(
            "orphan with a value",
            rows -> rows.put(PosixKeys.orphan(other), new byte[1]),
            Kind.RECORD),
        Damage.of(
            "attribute name of another length",
            rows -> rows.put(malformedAttribute(), new byte[1]),
            Kind.RECORD),
        Damage.of(
            "extent of nobody",
            rows -> rows.moveExtent(other, 0, NOBODY, 0),
            Kind.NO_INODE,
            Kind.BLOCK_COUNT),
        Damage.of(
            "orphan of nobody",
            rows -> rows.put(PosixKeys.orphan(NOBODY), new byte[0]),
            Kind.NO_INODE));
  }

  private static byte[] malformedAttribute() {
    byte[] key = PosixKeys.xattr(file, longAttribute(), 0);
    key[1 + Long.BYTES]++;
    return key;
  }

  static Stream<Damage> names() {
    return Stream.of(
        Damage.of("inode gone", rows -> rows.delete(PosixKeys.inode(other)), Kind.NO_INODE),
        Damage.of(
            "name gone", rows -> rows.deleteEntry(ROOT, "link"), Kind.ENTRY_COUNT, Kind.NO_NAME),
        Damage.of(
            "name of two gone",
            rows -> rows.deleteEntry(ROOT, "file"),
            Kind.ENTRY_COUNT,
            Kind.LINKS),
        Damage.of(
            "not listed",
            rows -> rows.delete(PosixKeys.entryByCookie(ROOT, rows.entry(ROOT, "link").cookie())),
            Kind.ENTRY_FAMILIES),
        Damage.of(
            "listed alone",
            rows -> rows.delete(PosixKeys.entryByHash(ROOT, FileName.of("link"))),
            Kind.ENTRY_FAMILIES,
            Kind.ENTRY_COUNT,
            Kind.NO_NAME),
        Damage.of(
            "listed with another inode",
            rows -> {
              EntryRecord entry = rows.entry(ROOT, "link");
              rows.put(
                  PosixKeys.entryByCookie(ROOT, entry.cookie()),
                  new EntryRecord(file, entry.cookie(), entry.type(), entry.name()).encode());
            },
            Kind.ENTRY_FAMILIES),
        Damage.of(
            "under another's hash",
            rows -> {
              EntryRecord entry = rows.entry(ROOT, "link");
              rows.delete(PosixKeys.entryByHash(ROOT, entry.name()));
              rows.put(PosixKeys.entryByHash(ROOT, FileName.of("else")), entry.encode());
            },
            Kind.ENTRY,
            Kind.ENTRY_FAMILIES),
        Damage.of(
            "the same name twice",
            rows -> {
              EntryRecord entry = rows.entry(ROOT, "link");
              rows.put(
                  PosixKeys.entryByHash(ROOT, entry.name()),
                  EntryRecord.encode(List.of(entry, entry)));
            },
            Kind.ENTRY,
            Kind.ENTRY_COUNT,
            Kind.LINKS),
        Damage.of(
            "entry of another type",
            rows -> {
              EntryRecord entry = rows.entry(ROOT, "link");
              rows.putEntry(
                  ROOT, new EntryRecord(link, entry.cookie(), FileType.FIFO, entry.name()));
            },
            Kind.ENTRY),
        Damage.of(
            "entry in a file",
            rows ->
                rows.putEntry(other, new EntryRecord(file, 3, FileType.REGULAR, FileName.of("x"))),
            Kind.ENTRY,
            Kind.COOKIE,
            Kind.ENTRY_COUNT,
            Kind.LINKS),
        Damage.of(
            "cookie that comes again",
            rows ->
                rows.change(
                    ROOT,
                    root ->
                        root.withEntries(
                            root.entries(), root.nextCookie() - 1, root.links(), root.changed())),
            Kind.COOKIE),
        Damage.of(
            "entries miscounted",
            rows ->
                rows.change(
                    dir,
                    it ->
                        it.withEntries(
                            it.entries() + 1, it.nextCookie(), it.links(), it.changed())),
            Kind.ENTRY_COUNT),
        Damage.of(
            "links miscounted",
            rows -> rows.change(file, it -> it.withLinks(it.links() + 1, it.changed())),
            Kind.LINKS),
        Damage.of(
            "subdirectories miscounted",
            rows -> rows.change(dir, it -> it.withLinks(it.links() - 1, it.changed())),
            Kind.LINKS),
        Damage.of(
            "an orphan that has a name",
            rows -> rows.put(PosixKeys.orphan(other), new byte[0]),
            Kind.ORPHAN));
  }

  static Stream<Damage> tree() {
    return Stream.of(
        Damage.of(
            "wrong parent",
            rows -> rows.change(sub, it -> it.withParent(ROOT, it.changed())),
            Kind.PARENT),
        Damage.of(
            "a file's parent",
            rows -> rows.change(file, it -> it.withParent(dir, it.changed())),
            Kind.PARENT),
        Damage.of(
            "a directory in itself",
            rows -> {
              EntryRecord entry = rows.entry(ROOT, "dir");
              rows.deleteEntry(ROOT, "dir");
              rows.putEntry(
                  sub,
                  new EntryRecord(
                      dir, InodeRecord.FIRST_COOKIE + 10, FileType.DIRECTORY, entry.name()));
              rows.change(
                  ROOT,
                  it ->
                      it.withEntries(
                          it.entries() - 1, it.nextCookie(), it.links() - 1, it.changed()));
              rows.change(
                  sub,
                  it ->
                      it.withEntries(
                          it.entries() + 1, it.nextCookie() + 10, it.links() + 1, it.changed()));
              rows.change(dir, it -> it.withParent(sub, it.changed()));
            },
            Kind.TREE),
        Damage.of(
            "a directory with two names",
            rows -> {
              rows.putEntry(
                  ROOT,
                  new EntryRecord(
                      sub,
                      rows.entry(ROOT, "link").cookie(),
                      FileType.DIRECTORY,
                      FileName.of("again")));
              rows.delete(PosixKeys.entryByHash(ROOT, FileName.of("link")));
              rows.put(PosixKeys.orphan(link), new byte[0]);
              rows.change(link, it -> it.withLinks(0, it.changed()));
              rows.change(ROOT, it -> it.withLinks(it.links() + 1, it.changed()));
            },
            Kind.TREE),
        Damage.of(
            "no root",
            rows -> rows.delete(PosixKeys.inode(ROOT)),
            Kind.TREE,
            Kind.NO_INODE,
            Kind.NO_NAME,
            Kind.LINKS));
  }

  static Stream<Damage> content() {
    return Stream.of(
        Damage.of(
            "extent of a symlink",
            rows -> rows.moveExtent(other, 0, link, 0),
            Kind.EXTENT,
            Kind.BLOCK_COUNT),
        Damage.of(
            "extent beyond any file", rows -> rows.moveExtent(other, 0, other, -4), Kind.EXTENT),
        Damage.of(
            "extents overlap in the file",
            rows -> rows.moveExtent(file, 40, file, 4),
            Kind.EXTENT_OVERLAP),
        Damage.of(
            "extents overlap on the device",
            rows -> {
              FileExtentRecord mine = rows.extent(other, 0);
              DataExtent theirs = rows.extent(file, 0).extent();
              rows.put(
                  PosixKeys.extent(other, 0),
                  new FileExtentRecord(theirs.part(1, mine.blocks()), mine.checksums()).encode());
            },
            Kind.SHARED_BLOCKS),
        Damage.of(
            "shared blocks that are in one extent",
            rows ->
                rows.put(
                    PosixKeys.sharedBlocks(rows.extent(file, 0).extent().startBlock()),
                    new SharedBlocksRecord(1, 2).encode()),
            Kind.SHARED_BLOCKS),
        Damage.of(
            "shared blocks that are in no extent",
            rows ->
                rows.put(PosixKeys.sharedBlocks(1 << 20), new SharedBlocksRecord(3, 2).encode()),
            Kind.SHARED_BLOCKS),
        Damage.of(
            "shared blocks of files that say they share none",
            rows -> {
              FileExtentRecord mine = rows.extent(other, 0);
              FileExtentRecord theirs = rows.extent(file, 0).part(1, mine.blocks());
              rows.put(PosixKeys.extent(other, 0), theirs.encode());
              rows.put(
                  PosixKeys.sharedBlocks(theirs.extent().startBlock()),
                  new SharedBlocksRecord(mine.blocks(), 2).encode());
            },
            Kind.SHARED_BLOCKS),
        Damage.of(
            "count of shared blocks is unreadable",
            rows -> rows.put(PosixKeys.sharedBlocks(1 << 20), new byte[3]),
            Kind.RECORD),
        Damage.of(
            "blocks miscounted",
            rows -> rows.change(file, it -> it.withBlocks(it.blocks() + 1)),
            Kind.BLOCK_COUNT),
        Damage.of(
            "symlink without target", rows -> rows.delete(PosixKeys.symlink(link)), Kind.SYMLINK),
        Damage.of(
            "target of another length",
            rows -> rows.put(PosixKeys.symlink(link), new byte[3]),
            Kind.SYMLINK),
        Damage.of(
            "target of a file",
            rows -> rows.put(PosixKeys.symlink(other), new byte[3]),
            Kind.SYMLINK),
        Damage.of(
            "first piece of an attribute gone",
            rows -> rows.delete(PosixKeys.xattr(file, longAttribute(), 0)),
            Kind.XATTR),
        Damage.of(
            "piece of an attribute cut short",
            rows -> rows.put(PosixKeys.xattr(file, longAttribute(), 1), new byte[7]),
            Kind.XATTR),
        Damage.of(
            "attribute of an inode that says it has none",
            rows -> rows.put(PosixKeys.xattr(link, XattrName.of("trusted.x"), 0), new byte[1]),
            Kind.XATTR),
        Damage.of(
            "permissions that say something else than the access list",
            rows -> rows.change(other, it -> it.withOwner(0777, it.uid(), it.gid())),
            Kind.ACL),
        Damage.of(
            "access list that is none",
            rows -> rows.put(PosixKeys.xattr(other, AclKind.ACCESS.attribute(), 1), new byte[7]),
            Kind.ACL),
        Damage.of(
            "list without entries",
            rows -> {
              rows.put(list(dir, AclKind.DEFAULT), new byte[] {2, 0, 0, 0});
              rows.delete(PosixKeys.xattr(dir, AclKind.DEFAULT.attribute(), 1));
            },
            Kind.ACL),
        Damage.of(
            "access list that is not needed",
            rows -> {
              rows.put(
                  list(file, AclKind.ACCESS),
                  VfsOperation.SetAcl.wire(
                      List.of(
                          AclEntry.of(AclEntry.Tag.OWNER, 6),
                          AclEntry.of(AclEntry.Tag.OWNING_GROUP, 4),
                          AclEntry.of(AclEntry.Tag.OTHERS, 4))));
              rows.change(file, it -> it.withOwner(0644, it.uid(), it.gid()));
            },
            Kind.ACL),
        Damage.of(
            "default list of a file",
            rows -> rows.put(list(file, AclKind.DEFAULT), new byte[] {2, 0, 0, 0}),
            Kind.ACL));
  }

  @ParameterizedTest
  @MethodSource({"rows", "names", "tree", "content"})
  void isFound(Damage damage) throws IOException {
    try (Volume volume = Volume.open(healthy.device(), VolumeConfig.deterministic())) {
      TreeHealth.assertConsistent(volume);
      try (VolumeTransaction tx = volume.begin(Purpose.GROW)) {
        damage.plant().in(new Rows(tx));
        tx.commit();
      }
      List<CheckFinding> findings = PosixChecker.check(volume.view()).findings();
      Set<Kind> kinds = new TreeSet<>();
      findings.forEach(finding -> kinds.add(finding.kind()));
      assertEquals(damage.makes(), kinds, findings::toString);
    }
  }

  /** Rows of any bytes end in findings, or in none where nothing else says the same. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void rowsOfAnyBytesAreNoFailure(long seed) throws IOException {
    Random random = new Random(seed);
    try (Volume volume = Volume.open(healthy.device(), VolumeConfig.deterministic())) {
      List<byte[][]> rows = new ArrayList<>();
      MapCursor cursor = volume.view().scan(Key.of((byte) 0), null);
      while (cursor.next()) {
        rows.add(new byte[][] {cursor.key().bytes(), cursor.value()});
      }
      int found = 0;
      for (int i = 0; i < MUTATIONS; i++) {
        try (VolumeTransaction tx = volume.begin(Purpose.GROW)) {
          byte[][] row = rows.get(random.nextInt(rows.size()));
          boolean ofKey = random.nextInt(3) == 0;
          tx.delete(Key.of(row[0]));
          tx.put(
              Key.of(ofKey ? mutated(row[0], random) : row[0]),
              ofKey ? row[1] : mutated(row[1], random));
          found += PosixChecker.check(tx).findings().isEmpty() ? 0 : 1;
        }
      }
      assertTrue(found > MUTATIONS / 2, found + " of " + MUTATIONS);
    }
  }

  /** Some bytes changed or, seldom, the end lost or something added; never empty. */
  private static byte[] mutated(byte[] bytes, Random random) {
    int length = random.nextInt(5) > 0 ? bytes.length : random.nextInt(bytes.length + 2);
    byte[] mutated = Arrays.copyOf(bytes, Math.max(1, length));
    for (int changes = random.nextInt(3); changes >= 0; changes--) {
      byte[] extremes = {0, -1, Byte.MIN_VALUE, Byte.MAX_VALUE, (byte) random.nextInt()};
      mutated[random.nextInt(mutated.length)] = extremes[random.nextInt(extremes.length)];
    }
    return mutated;
  }

  @Test
  void ofVeryManyFindingsTheFirstAreKeptAndTheOthersCounted() throws IOException {
    try (Volume volume = Volume.open(healthy.device(), VolumeConfig.deterministic())) {
      try (VolumeTransaction tx = volume.begin(Purpose.GROW)) {
        for (int i = 0; i < 1_500; i++) {
          tx.put(Key.of(PosixKeys.orphan(NOBODY + i)), new byte[0]);
        }
        tx.commit();
      }
      PosixCheckReport report = PosixChecker.check(volume.view());
      assertEquals(1_500, report.findings().size() + report.findingsLeftOut());
      assertFalse(report.findingsLeftOut() == 0);
    }
  }

  @Test
  void aFindingIsOneLineThatNamesTheInode() {
    CheckFinding finding = new CheckFinding(Kind.ENTRY, 7, "name a\nb");
    assertEquals("inode 7: name a?b", finding.toString());
    assertEquals("text", new CheckFinding(Kind.MAP, 0, "text").toString());
  }
}
