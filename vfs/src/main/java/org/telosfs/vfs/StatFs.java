package org.telosfs.vfs;

/**
 * What statfs(2) tells.
 *
 * @param blockBytes unit of the three block counts
 * @param totalBlocks size of the tree
 * @param freeBlocks free, for root
 * @param availableBlocks free, for everybody
 * @param totalInodes inodes in use and to be had
 * @param freeInodes inodes to be had
 */
public record StatFs(
    int blockBytes,
    long totalBlocks,
    long freeBlocks,
    long availableBlocks,
    long totalInodes,
    long freeInodes) {}
