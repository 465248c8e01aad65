package org.telosfs.block.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.journal.JournalDamagedException;
import org.telosfs.block.journal.JournalRing;
import org.telosfs.block.journal.JournalScanner;
import org.telosfs.block.journal.JournalSink;
import org.telosfs.block.space.BlockRun;
import org.telosfs.block.space.SpaceChange;
import org.telosfs.block.space.SpaceCorruptException;
import org.telosfs.block.space.SpaceMap;
import org.telosfs.block.space.SpaceTree;
import org.telosfs.block.tree.ReplacedNodes;
import org.telosfs.block.tree.TreeRoot;

/**
 * Finds the state that a device holds: the last checkpoint, and the whole groups of the journal
 * after it. Writes nothing, so that doing it again gives the same; the checkpoint that follows
 * makes the result the new state, in a new era.
 */
final class VolumeRecovery {
  private static final int CHANGES_PER_UPDATE = 4096;

  private final BlockDevice device;
  private final Superblock superblock;
  private final VolumeTrees trees;
  private final ReplacedNodes replaced = new ReplacedNodes();
  private final List<SpaceChange> changes = new ArrayList<>();
  private final TreeMap<byte[], byte @Nullable []> batch = new TreeMap<>(Arrays::compareUnsigned);
  private TreeRoot root;
  private final TreeRoot spaceRoot;
  private final SpaceMap space;

  VolumeRecovery(BlockDevice device, Superblock superblock, VolumeTrees trees) {
    this.device = device;
    this.superblock = superblock;
    this.trees = trees;
    this.root = TreeRoot.onDisk(superblock.mapRoot());
    this.spaceRoot = TreeRoot.onDisk(superblock.spaceRoot());
    this.space =
        new SpaceMap(
            new SpaceTree(trees.spaceNodes()),
            spaceRoot,
            superblock.totalBlocks(),
            superblock.freeBlocks());
  }

  /** Refuses a device that is shorter than the volume on it. */
  static void requireWhole(BlockDevice device, Superblock superblock) throws IOException {
    if (device.sizeBytes() < superblock.deviceBytes()) {
      throw VolumeFormatException.corrupt(
          "device", superblock.deviceBytes() + " bytes", device.sizeBytes() + ": it was cut short");
    }
  }

  /** Replays the journal; returns where it ends. */
  JournalScanner.Found replay() throws IOException {
    if (superblock.clean()) {
      return new JournalScanner.Found(
          superblock.sequence(), superblock.position(), superblock.sequence());
    }
    JournalScanner.Found found;
    try {
      found =
          new JournalScanner(ring(), superblock.salt(), superblock.era())
              .scan(
                  superblock.position(),
                  superblock.sequence(),
                  this::holds,
                  sequence -> replayGroup());
    } catch (JournalDamagedException damaged) {
      throw VolumeFormatException.corrupt("journal", damaged);
    }
    applyBatch();
    applyChanges();
    if (found.sequence() != superblock.sequence()) {
      // Groups that were read back may be in the host's cache alone; from now on blocks that they
      // freed are used again.
      device.flush();
    }
    return found;
  }

  private boolean holds(long block, int crc32c) throws IOException {
    if (block < superblock.firstDataBlock() || block >= superblock.totalBlocks()) {
      throw VolumeFormatException.corrupt("journal", "blocks of the volume", "block " + block);
    }
    ByteBuffer content = ByteBuffer.allocate(BlockGeometry.BLOCK_BYTES);
    try {
      device.read(block * BlockGeometry.BLOCK_BYTES, content);
    } catch (IOException unreadable) {
      return true; // It may be there: whoever reads it is told.
    }
    return new BlockCrc(superblock.salt()).next(block, content.flip()) == crc32c;
  }

  JournalRing ring() {
    return new JournalRing(device, superblock.journalStart(), superblock.journalBytes());
  }

  private JournalSink replayGroup() throws IOException {
    if (batch.size() > CHANGES_PER_UPDATE) {
      applyBatch();
    }
    return new JournalSink() {
      @Override
      public void put(byte[] key, byte[] value) {
        batch.put(key, value);
      }

      @Override
      public void delete(byte[] key) {
        batch.put(key, null);
      }

      @Override
      public void allocate(long startBlock, int blocks) {
        changes.add(new SpaceChange(new BlockRun(startBlock, blocks), true));
      }

      @Override
      public void free(long startBlock, int blocks) {
        changes.add(new SpaceChange(new BlockRun(startBlock, blocks), false));
      }

      @Override
      public void check(long startBlock, BlockChecksums checksums) {
        // The scan has compared them already.
      }
    };
  }

  private void applyBatch() throws IOException {
    try {
      root = trees.map().apply(root, batch, replaced);
    } catch (IllegalArgumentException impossible) {
      throw VolumeFormatException.corrupt("journal", "changes that fit the map", impossible);
    }
    batch.clear();
  }

  private void applyChanges() throws IOException {
    for (SpaceChange change : changes) {
      BlockRun run = change.run();
      if (run.start() < superblock.firstDataBlock() || run.end() > superblock.totalBlocks()) {
        throw VolumeFormatException.corrupt("journal", "blocks of the volume", run);
      }
      try {
        if (change.used()) {
          space.use(run);
        } else {
          space.free(run);
        }
      } catch (SpaceCorruptException contradiction) {
        throw VolumeFormatException.corrupt(
            "space map", change, String.valueOf(contradiction.getMessage()));
      }
    }
  }

  TreeRoot root() {
    return root;
  }

  TreeRoot spaceRoot() {
    return spaceRoot;
  }

  SpaceMap space() {
    return space;
  }

  ReplacedNodes replaced() {
    return replaced;
  }

  List<SpaceChange> changes() {
    return changes;
  }
}
