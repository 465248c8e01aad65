package org.telosfs.block.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.BlockGeometry;

/**
 * The two copies of the superblock. Each new one is written to one copy, flushed, and then to the
 * other: at any moment one of them is whole on the medium, and soon both tell the newest state, so
 * that either may be lost. Used under the checkpoint's lock.
 */
final class SuperblockPair {
  private static final int COPIES = 2;

  private final BlockDevice device;

  SuperblockPair(BlockDevice device) {
    this.device = device;
  }

  /**
   * The newest copy that is whole.
   *
   * @throws VolumeFormatException if none is, telling what the better one lacks
   */
  Superblock read() throws IOException {
    Superblock newest = null;
    VolumeFormatException refusal = null;
    IOException unreadable = null;
    for (int copy = 0; copy < COPIES; copy++) {
      try {
        Superblock found = read(copy);
        if (newest == null || found.generation() > newest.generation()) {
          newest = found;
        }
      } catch (VolumeFormatException refused) {
        if (refused instanceof VolumeFormatException.TooNew) {
          throw refused; // The other copy may be a leftover from before an upgrade.
        }
        if (refusal == null || refusal instanceof VolumeFormatException.NotOurs) {
          refusal = refused;
        }
      } catch (IOException failed) {
        unreadable = failed;
      }
    }
    if (newest != null) {
      return newest;
    }
    if (unreadable != null) {
      throw unreadable; // What cannot be read may be a good copy.
    }
    throw refusalOf(refusal);
  }

  private static VolumeFormatException refusalOf(@Nullable VolumeFormatException refusal) {
    return refusal == null ? VolumeFormatException.notOurs(0) : refusal;
  }

  private Superblock read(int copy) throws IOException {
    long offset = SuperblockFormat.offsetOf(copy);
    if (device.sizeBytes() < offset + BlockGeometry.BLOCK_BYTES) {
      throw VolumeFormatException.notOurs(0);
    }
    ByteBuffer block = ByteBuffer.allocate(BlockGeometry.BLOCK_BYTES);
    device.read(offset, block);
    return Superblock.decode(block.rewind(), "superblock at byte " + offset);
  }

  /** What keeps the copies from being whole and of this generation, one line each. */
  List<String> damage(long generation) {
    List<String> findings = new ArrayList<>();
    for (int copy = 0; copy < COPIES; copy++) {
      String place = "superblock at byte " + SuperblockFormat.offsetOf(copy);
      try {
        long found = read(copy).generation();
        if (found != generation) {
          findings.add(place + " has generation " + found + ", expected " + generation);
        }
      } catch (IOException damaged) {
        findings.add(place + ": " + damaged.getMessage());
      }
    }
    return findings;
  }

  /** Makes a superblock the newest; when this returns it is durable. */
  void write(Superblock superblock) throws IOException {
    int first = (int) (superblock.generation() % COPIES);
    device.write(SuperblockFormat.offsetOf(first), superblock.encode());
    device.flush();
    device.write(SuperblockFormat.offsetOf(1 - first), superblock.encode());
  }
}
