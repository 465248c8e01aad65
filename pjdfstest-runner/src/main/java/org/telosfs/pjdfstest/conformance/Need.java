package org.telosfs.pjdfstest.conformance;

import org.telosfs.pjdfstest.syscall.Abi;

/**
 * What a case cannot run without, and no file system can be blamed for. A feature of the file
 * system under test is no need: where it is absent its cases fail.
 */
enum Need {
  /** fs/fuse/file.c passes on mode 0, KEEP_SIZE, PUNCH_HOLE and ZERO_RANGE alone. */
  KERNEL_PASSES_RANGE_SHIFTS(
      "the kernel refuses COLLAPSE_RANGE and INSERT_RANGE for every FUSE file system") {
    @Override
    boolean isMet(Target target) {
      return !target.behindFuseClient();
    }
  },

  /** What lies in the page cache is read from there, and fs/fuse moves no access time by itself. */
  KERNEL_TELLS_OF_EVERY_READ(
      "the kernel answers reads from its page cache without telling a FUSE file system") {
    @Override
    boolean isMet(Target target) {
      return !target.behindFuseClient();
    }
  };

  private final String reason;

  Need(String reason) {
    this.reason = reason;
  }

  abstract boolean isMet(Target target);

  String reason() {
    return reason;
  }

  /** What is tested, as far as a need may ask. */
  record Target(long statfsType) {
    boolean behindFuseClient() {
      return statfsType == Abi.FUSE_SUPER_MAGIC;
    }
  }
}
