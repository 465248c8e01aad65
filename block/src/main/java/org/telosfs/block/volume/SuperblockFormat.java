package org.telosfs.block.volume;

import org.telosfs.block.BlockGeometry;

/**
 * A superblock, version 1, big-endian: {@value #BYTES} bytes at the start of a block whose rest is
 * zero. Two copies, in blocks {@value #FIRST_BLOCK} and {@value #SECOND_BLOCK}.
 *
 * <pre>
 * offset size field
 *      0    8 magic "TELOSVOL"
 *      8    4 version
 *     12    4 flags: 1 = closed in order, the journal is empty
 *     16   16 id of the volume
 *     32    8 compatible features
 *     40    8 read-only compatible features
 *     48    8 incompatible features
 *     56    8 device bytes
 *     64    4 block bytes
 *     68    4 node bytes
 *     72    8 generation: 1 more with each superblock
 *     80    8 journal: first byte of the ring
 *     88    8 journal: bytes of the ring
 *     96    8 journal: era of its groups
 *    104    8 journal: position where replay starts
 *    112    8 journal: sequence of the last group that the trees contain
 *    120    8 free blocks
 *    128   20 root of the map: 8 block | 4 crc32c | 8 birth generation
 *    148   20 root of the space tree, likewise
 *    168      zero
 *    508    4 crc32c of 0..507
 * </pre>
 */
final class SuperblockFormat {
  static final long MAGIC = 0x54454C4F53564F4CL;
  static final int VERSION = 1;
  static final int BYTES = 512;
  static final int FIRST_BLOCK = 0;
  static final int SECOND_BLOCK = 8;

  /** The first block after the room kept for superblocks. */
  static final int END_BLOCK = 16;

  static final int FLAG_CLEAN = 1;

  static final int MAGIC_OFFSET = 0;
  static final int VERSION_OFFSET = MAGIC_OFFSET + Long.BYTES;
  static final int FLAGS_OFFSET = VERSION_OFFSET + Integer.BYTES;
  static final int ID_OFFSET = FLAGS_OFFSET + Integer.BYTES;
  static final int COMPATIBLE_OFFSET = ID_OFFSET + 2 * Long.BYTES;
  static final int READ_ONLY_COMPATIBLE_OFFSET = COMPATIBLE_OFFSET + Long.BYTES;
  static final int INCOMPATIBLE_OFFSET = READ_ONLY_COMPATIBLE_OFFSET + Long.BYTES;
  static final int DEVICE_BYTES_OFFSET = INCOMPATIBLE_OFFSET + Long.BYTES;
  static final int BLOCK_BYTES_OFFSET = DEVICE_BYTES_OFFSET + Long.BYTES;
  static final int NODE_BYTES_OFFSET = BLOCK_BYTES_OFFSET + Integer.BYTES;
  static final int GENERATION_OFFSET = NODE_BYTES_OFFSET + Integer.BYTES;
  static final int JOURNAL_START_OFFSET = GENERATION_OFFSET + Long.BYTES;
  static final int JOURNAL_BYTES_OFFSET = JOURNAL_START_OFFSET + Long.BYTES;
  static final int ERA_OFFSET = JOURNAL_BYTES_OFFSET + Long.BYTES;
  static final int POSITION_OFFSET = ERA_OFFSET + Long.BYTES;
  static final int SEQUENCE_OFFSET = POSITION_OFFSET + Long.BYTES;
  static final int FREE_BLOCKS_OFFSET = SEQUENCE_OFFSET + Long.BYTES;
  static final int MAP_ROOT_OFFSET = FREE_BLOCKS_OFFSET + Long.BYTES;
  static final int POINTER_BYTES = Long.BYTES + Integer.BYTES + Long.BYTES;
  static final int SPACE_ROOT_OFFSET = MAP_ROOT_OFFSET + POINTER_BYTES;
  static final int END_OFFSET = SPACE_ROOT_OFFSET + POINTER_BYTES;
  static final int CRC32C_OFFSET = BYTES - Integer.BYTES;

  private SuperblockFormat() {}

  static long offsetOf(int copy) {
    return (copy == 0 ? FIRST_BLOCK : SECOND_BLOCK) * (long) BlockGeometry.BLOCK_BYTES;
  }
}
