package org.telosfs.block.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.BlockChecksums;
import org.telosfs.block.BlockGeometry;
import org.telosfs.block.DataExtent;
import org.telosfs.block.space.SpaceMap;
import org.telosfs.block.space.SpaceTree;
import org.telosfs.block.tree.BTree;
import org.telosfs.block.tree.ChildPointer;
import org.telosfs.block.tree.TreeCheck;
import org.telosfs.block.tree.TreeRoot;

/**
 * Verifies everything that the newest sealed state refers to: each node, each data block, and that
 * the space map says of each block what is true. Reports; repairs nothing. Reading and committing
 * go on meanwhile, but no checkpoint is made, so that a writer who fills the journal waits.
 */
public final class VolumeScrub {
  private static final int MOST_FINDINGS = 1000;
  private static final int BLOCKS_PER_READ = 256;

  private final Volume volume;
  private final Superblock superblock;
  private final BitSet reached = new BitSet();
  private final List<String> findings = new ArrayList<>();
  private long leftOut;
  private long nodes;
  private long dataBlocks;
  private long unwrittenBlocks;

  private VolumeScrub(Volume volume, Superblock superblock) {
    this.volume = volume;
    this.superblock = superblock;
  }

  /**
   * Scrubs a volume.
   *
   * @param walk lists the extents that the map refers to
   * @throws IOException if the volume cannot be read at all; damage is a finding
   */
  public static ScrubReport run(Volume volume, ExtentWalk walk) throws IOException {
    List<ScrubReport> report = new ArrayList<>(1);
    volume
        .checkpoints()
        .whileOnDisk(superblock -> report.add(new VolumeScrub(volume, superblock).report(walk)));
    return report.get(0);
  }

  private ScrubReport report(ExtentWalk walk) throws IOException {
    reached.set(0, Math.toIntExact(superblock.firstDataBlock()));
    checkCopies();
    boolean mapIsWhole = check(volume.trees().map(), superblock.mapRoot());
    boolean spaceIsWhole = check(volume.trees().spaceNodes(), superblock.spaceRoot());
    boolean allListed = mapIsWhole;
    try {
      walk.walk(
          VolumeView.ofUnchanging(volume.trees().map(), TreeRoot.onDisk(superblock.mapRoot())),
          this::checkExtent);
    } catch (IOException damaged) {
      allListed = false;
      find("the map's extents cannot all be listed: " + damaged.getMessage());
    }
    if (allListed && spaceIsWhole) {
      checkSpace(); // Else every block that was not reached would look like a leak.
    }
    return new ScrubReport(findings, leftOut, nodes, dataBlocks, unwrittenBlocks);
  }

  private void checkCopies() {
    for (String finding : volume.checkpoints().damagedCopies()) {
      find(finding);
    }
  }

  private boolean check(BTree tree, ChildPointer root) {
    TreeCheck check =
        new TreeCheck(
            tree,
            block -> {
              nodes++;
              reach(block, SpaceLedger.BLOCKS_PER_NODE, "tree node");
            });
    List<String> damage = check.check(root);
    damage.forEach(this::find);
    return damage.isEmpty();
  }

  private void checkExtent(DataExtent extent, @Nullable BlockChecksums checksums) {
    if (!reach(extent.startBlock(), extent.blocks(), "extent")) {
      return;
    }
    if (checksums == null) {
      unwrittenBlocks += extent.blocks();
      return;
    }
    for (int first = 0; first < extent.blocks(); first += BLOCKS_PER_READ) {
      int count = Math.min(BLOCKS_PER_READ, extent.blocks() - first);
      if (!verify(extent, checksums, first, count)) {
        for (int block = first; block < first + count && count > 1; block++) {
          verify(extent, checksums, block, 1);
        }
      }
    }
  }

  /** True if these blocks are right; else, if it is one, that is a finding. */
  private boolean verify(DataExtent extent, BlockChecksums checksums, int first, int count) {
    try {
      ByteBuffer into = ByteBuffer.allocate(count * BlockGeometry.BLOCK_BYTES);
      volume.extents().read(extent, checksums, first, into);
      dataBlocks += count;
      return true;
    } catch (IOException damaged) {
      if (count == 1) {
        find("block " + (extent.startBlock() + first) + " cannot be read: " + damaged.getMessage());
      }
      return false;
    }
  }

  /** Notes that something refers to these blocks; false if they lie outside the volume. */
  private boolean reach(long start, int blocks, String by) {
    if (start < superblock.firstDataBlock() || start > superblock.totalBlocks() - blocks) {
      find(by + " at block " + start + " of " + blocks + " blocks lies outside the volume");
      return false;
    }
    int from = Math.toIntExact(start);
    int twice = reached.nextSetBit(from);
    if (twice >= 0 && twice < from + blocks) {
      find(by + " at block " + start + ": block " + twice + " is used twice");
    }
    reached.set(from, from + blocks);
    return true;
  }

  private void checkSpace() throws IOException {
    SpaceMap space =
        new SpaceMap(
            new SpaceTree(volume.trees().spaceNodes()),
            TreeRoot.onDisk(superblock.spaceRoot()),
            superblock.totalBlocks(),
            superblock.freeBlocks());
    long free = 0;
    for (long block = 0; block < superblock.totalBlocks(); block++) {
      boolean isFree = space.isFree(block);
      boolean isReached = reached.get((int) block);
      if (isFree == isReached) {
        find("block " + block + (isFree ? " is in use, but free" : " leaks: nothing uses it"));
      }
      free += isFree ? 1 : 0;
    }
    if (free != superblock.freeBlocks()) {
      find("the superblock counts " + superblock.freeBlocks() + " free blocks, there are " + free);
    }
  }

  private void find(String finding) {
    if (findings.size() < MOST_FINDINGS) {
      findings.add(finding);
    } else {
      leftOut++;
    }
  }
}
