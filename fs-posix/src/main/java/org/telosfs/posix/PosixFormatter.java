package org.telosfs.posix;

import java.io.IOException;
import java.time.InstantSource;
import org.telosfs.block.Key;
import org.telosfs.block.volume.Purpose;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeTransaction;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.PosixHeader;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.Timestamp;

/** Makes an empty filesystem on an empty volume. */
public final class PosixFormatter {
  private static final int ROOT_PERMISSIONS = 0755;

  private PosixFormatter() {}

  /**
   * Writes the header and a root directory, durably.
   *
   * @param uid owner of the root
   * @param gid group of the root
   * @throws IOException if the volume refuses
   */
  public static void format(Volume volume, InstantSource clock, int uid, int gid)
      throws IOException {
    Timestamp now = Timestamp.of(clock.instant());
    long root = InodeNumber.ROOT.value();
    InodeRecord record =
        new InodeRecord(
            FileType.DIRECTORY,
            ROOT_PERMISSIONS,
            2,
            uid,
            gid,
            0,
            0,
            0,
            now,
            now,
            now,
            now,
            root,
            0,
            InodeRecord.FIRST_COOKIE,
            0,
            0);
    try (VolumeTransaction tx = volume.begin(Purpose.GROW)) {
      tx.put(
          Key.of(PosixKeys.header()),
          new PosixHeader(PosixHeader.STANDARD_FEATURES, root + 1).encode());
      tx.put(Key.of(PosixKeys.inode(root)), record.encode());
      tx.commit();
    }
    volume.awaitDurable(volume.seal());
  }
}
