package org.telosfs.pjdfstest.syscall;

import java.nio.ByteBuffer;

/** What statfs(2) tells; the layout is that of all 64-bit architectures. */
public record StatFs(
    long type,
    long blockBytes,
    long blocks,
    long freeBlocks,
    long availableBlocks,
    long files,
    long freeFiles,
    long nameBytes,
    long fragmentBytes,
    long flags) {
  static final int BYTES = 120;

  static StatFs read(ByteBuffer from) {
    return new StatFs(
        from.getLong(0),
        from.getLong(8),
        from.getLong(16),
        from.getLong(24),
        from.getLong(32),
        from.getLong(40),
        from.getLong(48),
        from.getLong(64),
        from.getLong(72),
        from.getLong(80));
  }
}
