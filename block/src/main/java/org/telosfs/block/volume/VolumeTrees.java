package org.telosfs.block.volume;

import org.telosfs.block.BlockDevice;
import org.telosfs.block.tree.BTree;

/**
 * The two trees of a volume.
 *
 * @param map what the owner stores
 * @param spaceNodes the nodes of the space tree
 */
record VolumeTrees(BTree map, BTree spaceNodes) {
  private static final int CACHED_SPACE_NODES = 64;

  static VolumeTrees of(BlockDevice device, Superblock superblock, int cachedNodes) {
    VolumeNodes nodes =
        new VolumeNodes(
            device, superblock.salt(), superblock.firstDataBlock(), superblock.totalBlocks());
    return new VolumeTrees(
        new BTree(nodes, cachedNodes), new BTree(nodes, Math.min(cachedNodes, CACHED_SPACE_NODES)));
  }
}
