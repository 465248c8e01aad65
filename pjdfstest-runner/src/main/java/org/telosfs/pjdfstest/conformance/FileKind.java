package org.telosfs.pjdfstest.conformance;

import java.util.Locale;
import org.telosfs.pjdfstest.syscall.Abi;

/** What a name can stand for. */
enum FileKind {
  REGULAR(Abi.S_IFREG),
  DIRECTORY(Abi.S_IFDIR),
  SYMLINK(Abi.S_IFLNK),
  FIFO(Abi.S_IFIFO),
  SOCKET(Abi.S_IFSOCK),
  CHARACTER_DEVICE(Abi.S_IFCHR),
  BLOCK_DEVICE(Abi.S_IFBLK);

  private final int bits;

  FileKind(int bits) {
    this.bits = bits;
  }

  /** As in a mode. */
  int bits() {
    return bits;
  }

  boolean isDevice() {
    return this == CHARACTER_DEVICE || this == BLOCK_DEVICE;
  }

  /** For the names of cases. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
