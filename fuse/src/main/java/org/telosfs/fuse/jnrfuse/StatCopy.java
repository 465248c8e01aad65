package org.telosfs.fuse.jnrfuse;

import org.telosfs.vfs.Attributes;
import org.telosfs.vfs.StatFs;
import org.telosfs.vfs.Timestamp;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.Statvfs;
import ru.serce.jnrfuse.struct.Timespec;

/** Copies values of a tree into libfuse's structures. */
final class StatCopy {
  private static final int BLOCK_BYTES = 4096;
  private static final int NAME_BYTES = 255;

  private StatCopy() {}

  static void copy(Attributes from, FileStat to) {
    to.st_ino.set(from.inode().value());
    to.st_mode.set(from.mode());
    to.st_nlink.set(from.links());
    to.st_uid.set(from.uid());
    to.st_gid.set(from.gid());
    to.st_rdev.set(from.device());
    to.st_size.set(from.sizeBytes());
    to.st_blksize.set(BLOCK_BYTES);
    to.st_blocks.set(from.blocks512());
    copy(from.accessed(), to.st_atim);
    copy(from.modified(), to.st_mtim);
    copy(from.changed(), to.st_ctim);
  }

  static void copy(StatFs from, Statvfs to) {
    to.f_bsize.set(from.blockBytes());
    to.f_frsize.set(from.blockBytes());
    to.f_blocks.set(from.totalBlocks());
    to.f_bfree.set(from.freeBlocks());
    to.f_bavail.set(from.availableBlocks());
    to.f_files.set(from.totalInodes());
    to.f_ffree.set(from.freeInodes());
    to.f_favail.set(from.freeInodes());
    to.f_namemax.set(NAME_BYTES);
  }

  private static void copy(Timestamp from, Timespec to) {
    to.tv_sec.set(from.seconds());
    to.tv_nsec.set(from.nanos());
  }
}
