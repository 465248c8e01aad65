package org.telosfs.pjdfstest.exerciser;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.telosfs.pjdfstest.syscall.Abi;
import org.telosfs.pjdfstest.syscall.Linux;
import org.telosfs.pjdfstest.syscall.LinuxException;
import org.telosfs.pjdfstest.syscall.NativeMemory;
import org.telosfs.pjdfstest.syscall.SystemCall;

/** Two files of a directory, by system calls. */
final class SystemFilePair implements FilePair {
  /** From linux/fs.h: _IOW(0x94, 9, int) and _IOW(0x94, 13, struct file_clone_range). */
  private static final long FICLONE = 0x40049409L;

  private static final long FICLONERANGE = 0x4020940DL;
  private static final int CLONE_RANGE_BYTES = 4 * Long.BYTES;

  private final Linux linux;
  private final Path home;
  private final SystemFile[] files;

  private final ByteBuffer copyOffsets = NativeMemory.allocate(2 * Long.BYTES);
  private final ByteBuffer cloneRange = NativeMemory.allocate(CLONE_RANGE_BYTES);

  /** Makes the files, in a directory of their own in {@code directory}. */
  SystemFilePair(Linux linux, Path directory, int maxBytes) throws IOException {
    this.linux = linux;
    this.home = Files.createTempDirectory(directory, "exercise-");
    this.files =
        new SystemFile[] {
          new SystemFile(linux, home.resolve(Operation.name(0)), maxBytes),
          new SystemFile(linux, home.resolve(Operation.name(1)), maxBytes)
        };
    try {
      for (SystemFile file : files) {
        file.open(true);
      }
    } catch (IOException refused) {
      close();
      throw refused;
    }
  }

  @Override
  public int read(int file, Access access, int offset, ByteBuffer into, int bytes)
      throws LinuxException {
    return files[file].read(access, offset, into, bytes);
  }

  @Override
  public int write(int file, Access access, int offset, ByteBuffer from, int bytes)
      throws LinuxException {
    return files[file].write(access, offset, from, bytes);
  }

  @Override
  public int append(int file, ByteBuffer from, int bytes) throws LinuxException {
    return files[file].append(from, bytes);
  }

  @Override
  public void syncMapping(int file) throws LinuxException {
    files[file].syncMapping();
  }

  @Override
  public void unmap(int file) throws LinuxException {
    files[file].unmap();
  }

  @Override
  public int sizeBytes(int file) throws LinuxException {
    return files[file].sizeBytes();
  }

  @Override
  public void truncate(int file, int sizeBytes) throws LinuxException {
    LinuxException.check("ftruncate", linux.ftruncate(files[file].descriptor(), sizeBytes));
  }

  @Override
  public void reopen(int file, boolean empty) throws LinuxException {
    files[file].close();
    files[file].open(empty);
  }

  @Override
  public void allocate(int file, int mode, int offset, int bytes) throws LinuxException {
    LinuxException.check(
        "fallocate", linux.fallocate(files[file].descriptor(), mode, offset, bytes));
  }

  @Override
  public int copy(int file, int offset, int target, int targetOffset, int bytes)
      throws LinuxException {
    copyOffsets.putLong(0, offset).putLong(Long.BYTES, targetOffset);
    long at = linux.addressOf(copyOffsets);
    return (int)
        LinuxException.check(
            "copy_file_range",
            linux.call(
                SystemCall.COPY_FILE_RANGE,
                files[file].descriptor(),
                at,
                files[target].descriptor(),
                at + Long.BYTES,
                bytes,
                0));
  }

  @Override
  public void cloneRange(int file, int offset, int target, int targetOffset, int bytes)
      throws LinuxException {
    cloneRange.putLong(0, files[file].descriptor()).putLong(Long.BYTES, offset);
    cloneRange.putLong(2 * Long.BYTES, bytes).putLong(3 * Long.BYTES, targetOffset);
    LinuxException.check(
        "ioctl FICLONERANGE", linux.ioctl(files[target].descriptor(), FICLONERANGE, cloneRange));
  }

  @Override
  public void cloneWhole(int file, int target) throws LinuxException {
    LinuxException.check(
        "ioctl FICLONE",
        linux.ioctl(files[target].descriptor(), FICLONE, files[file].descriptor()));
  }

  @Override
  public int seekData(int file, int offset) throws LinuxException {
    return files[file].seek(offset, Abi.SEEK_DATA);
  }

  @Override
  public int seekHole(int file, int offset) throws LinuxException {
    return files[file].seek(offset, Abi.SEEK_HOLE);
  }

  @Override
  public void writeBack(int file) throws LinuxException {
    int flags =
        Abi.SYNC_FILE_RANGE_WAIT_BEFORE
            | Abi.SYNC_FILE_RANGE_WRITE
            | Abi.SYNC_FILE_RANGE_WAIT_AFTER;
    LinuxException.check(
        "sync_file_range",
        linux.call(SystemCall.SYNC_FILE_RANGE, files[file].descriptor(), 0, 0, flags));
  }

  @Override
  public void sync(int file, boolean dataOnly) throws LinuxException {
    int descriptor = files[file].descriptor();
    LinuxException.check(
        dataOnly ? "fdatasync" : "fsync",
        dataOnly ? linux.fdatasync(descriptor) : linux.fsync(descriptor));
  }

  @Override
  public void dropCache(int file) throws LinuxException {
    files[file].dropCache();
  }

  /** All that is open is closed, whatever can be removed or not. */
  @Override
  public void close() throws IOException {
    try {
      files[0].close();
    } finally {
      files[1].close();
    }
    for (int file = 0; file < files.length; file++) {
      Files.deleteIfExists(home.resolve(Operation.name(file)));
    }
    Files.delete(home);
  }
}
