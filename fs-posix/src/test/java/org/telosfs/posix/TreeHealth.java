package org.telosfs.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.List;
import org.telosfs.block.Key;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeScrub;
import org.telosfs.posix.format.KeyFamily;
import org.telosfs.posix.format.PosixKeys;

/** Looks at a filesystem past its code, for what it has left behind. */
final class TreeHealth {
  private TreeHealth() {}

  /** All rows agree, at any time. */
  static void assertConsistent(Volume volume) {
    assertEquals(List.of(), PosixChecker.check(volume.view()).findings());
  }

  /** All rows agree and every inode has a name, as after a mount. */
  static void assertConsistentWithoutOrphans(Volume volume) throws IOException {
    assertConsistent(volume);
    Key first = Key.of(PosixKeys.first(KeyFamily.ORPHAN));
    Key end = Key.of(PosixKeys.end(KeyFamily.ORPHAN));
    assertFalse(volume.view().scan(first, end).next(), "orphans are freed at mount");
  }

  /** Every block is right, and used once or free. */
  static void assertScrubbed(Volume volume) throws IOException {
    assertEquals(List.of(), VolumeScrub.run(volume, new PosixExtentWalk()).findings());
  }
}
