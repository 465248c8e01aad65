package org.telosfs.vfs;

/** The modes of fallocate(2). */
public enum AllocateMode {
  /** Mode 0: reserve, and grow the file. */
  ALLOCATE,
  /** FALLOC_FL_KEEP_SIZE: reserve, also beyond the end. */
  ALLOCATE_KEEP_SIZE,
  /** FALLOC_FL_PUNCH_HOLE with KEEP_SIZE: free whole blocks, zero the edges. */
  PUNCH_HOLE,
  /** FALLOC_FL_ZERO_RANGE: reads as zeros, stays reserved, may grow the file. */
  ZERO_RANGE,
  /** FALLOC_FL_ZERO_RANGE with KEEP_SIZE. */
  ZERO_RANGE_KEEP_SIZE
}
