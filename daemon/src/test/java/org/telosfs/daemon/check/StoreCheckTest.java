package org.telosfs.daemon.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.telosfs.block.FileBlockDevice;
import org.telosfs.block.Key;
import org.telosfs.block.volume.Purpose;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeTransaction;
import org.telosfs.daemon.StoreCreation;
import org.telosfs.daemon.StoreLayout;
import org.telosfs.daemon.StoreVolume;
import org.telosfs.posix.PosixConfig;
import org.telosfs.posix.PosixFileSystem;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.PathWalk;

/** Damage of a volume is found: in its data, in its map's rows; and the check changes nothing. */
class StoreCheckTest {
  private static final long VOLUME_BYTES = 16 << 20;
  private static final String TEXT = "something that can be found on the medium";

  @TempDir private Path home;

  private StoreLayout store;
  private long inode;

  @BeforeEach
  void makeStore() throws IOException, FsException {
    store = new StoreLayout(home.resolve("store"));
    StoreCreation.create(store, VOLUME_BYTES);
    try (PosixFileSystem tree =
        StoreVolume.open(store.volume(), FileBlockDevice::open, PosixConfig.standard())) {
      PathWalk walk = new PathWalk(tree);
      inode = walk.file("file", TEXT).value();
      tree.syncAll();
    }
  }

  private byte[] medium() throws IOException {
    return Files.readAllBytes(store.volume());
  }

  private CheckReport checkChangesNothing() throws IOException {
    byte[] before = medium();
    CheckReport report = new StoreCheck(store).run();
    assertTrue(Arrays.equals(before, medium()), "the check wrote to the volume");
    return report;
  }

  private void assertOneFinding(String text) throws IOException {
    CheckReport report = checkChangesNothing();
    assertEquals(1, report.findings().size(), report::toString);
    String finding = report.findings().get(0);
    assertTrue(finding.startsWith(store.volume() + ": ") && finding.contains(text), finding);
  }

  private void change(Key key, byte[] value) throws IOException {
    try (Volume volume = StoreVolume.openVolume(store.volume(), FileBlockDevice::open)) {
      try (VolumeTransaction tx = volume.begin(Purpose.GROW)) {
        tx.put(key, value);
        tx.commit();
      }
      volume.awaitDurable(volume.seal());
    }
  }

  @Test
  void aHealthyStoreIsVerifiedWhole() throws IOException {
    CheckReport report = checkChangesNothing();
    assertTrue(report.isClean(), report::toString);
    assertTrue(report.nodes() > 0, report::toString);
    assertEquals(1, report.dataBlocks());
  }

  @Test
  void aFlippedBitOfAFileIsFound() throws IOException {
    int at = new String(medium(), StandardCharsets.ISO_8859_1).indexOf(TEXT);
    try (FileChannel volume = FileChannel.open(store.volume(), StandardOpenOption.WRITE)) {
      volume.write(ByteBuffer.wrap(new byte[] {(byte) (TEXT.charAt(0) ^ 1)}), at);
    }
    assertOneFinding("cannot be read");
  }

  @Test
  void anOrphanWithANameIsFound() throws IOException {
    change(Key.of(PosixKeys.orphan(inode)), new byte[0]);
    assertOneFinding("inode " + inode + ": is an orphan with 1 names");
  }

  @Test
  void aVolumeWithoutFilesystemIsFound() throws IOException {
    change(Key.of(PosixKeys.header()), new byte[3]);
    assertOneFinding("holds no TelosFS filesystem");
  }
}
