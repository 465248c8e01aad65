package org.telosfs.posix;

import java.nio.ByteBuffer;
import org.telosfs.vfs.AllocateMode;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.PrivilegeLoss;
import org.telosfs.vfs.SeekTarget;

/**
 * Whole operations on the content of files: with its lock, the loss of privileges and the times
 * that go with each. What would make a transaction large is done in steps, each an operation.
 */
final class FileOperations {
  private static final int BLOCK_BYTES = 4096;

  /** A copy takes turns with other operations, so that what waits in memory stays bounded. */
  private static final long COPY_BYTES_AT_ONCE = 8L << 20;

  private final OperationRuns operations;
  private final InodeTable table;
  private final InodeLocks locks;
  private final AccessTimeUpdates accessTimes;
  private final FileContent content;
  private final ContentReader reader;
  private final FileAllocation allocation;
  private final DataAndHoles holes;
  private final RangeCopy copying;
  private final Privileges privileges;

  FileOperations(
      OperationRuns operations,
      PosixVolume volume,
      InodeTable table,
      InodeLocks locks,
      Epochs epochs,
      AccessTimeUpdates accessTimes,
      FileContent content,
      PageFlush flush,
      PosixClock clock) {
    this.operations = operations;
    this.table = table;
    this.locks = locks;
    this.accessTimes = accessTimes;
    this.content = content;
    this.reader = new ContentReader(volume);
    this.allocation = new FileAllocation(volume, epochs, content, clock);
    this.holes = new DataAndHoles(volume);
    this.copying = new RangeCopy(volume, content, reader, flush, clock);
    this.privileges = new Privileges(volume);
  }

  int read(InodeNumber inode, long offsetBytes, ByteBuffer into) throws FsException {
    return operations.reading(
        () -> {
          LiveInode file = table.require(inode);
          int bytes = read(file, offsetBytes, into);
          accessTimes.read(file);
          return bytes;
        },
        inode);
  }

  int readUnnoticed(InodeNumber inode, long offsetBytes, ByteBuffer into) throws FsException {
    return operations.reading(() -> read(table.require(inode), offsetBytes, into), inode);
  }

  private int read(LiveInode file, long offsetBytes, ByteBuffer into) throws FsException {
    try (InodeLocks.Held held = locks.read(file.value())) {
      return reader.read(file, offsetBytes, into);
    }
  }

  int write(Caller caller, InodeNumber inode, long offsetBytes, ByteBuffer data, PrivilegeLoss loss)
      throws FsException {
    int start = data.position();
    int limit = data.limit();
    int end = limit;
    while (true) {
      try {
        return writeAll(caller, inode, offsetBytes, data.limit(end).position(start), loss);
      } catch (FsException refused) {
        boolean full = refused.errno() == Errno.ENOSPC || refused.errno() == Errno.EDQUOT;
        end = start + Math.max(0, shorter(offsetBytes, end - start));
        if (!full || loss == PrivilegeLoss.NONE || end == start) {
          throw refused;
        }
      } finally {
        data.limit(limit);
      }
    }
  }

  /** Of a write that does not fit, about the first half, up to a block's end; may be negative. */
  private static int shorter(long offsetBytes, int bytes) {
    return (int) ((offsetBytes + bytes / 2 & -BLOCK_BYTES) - offsetBytes);
  }

  private int writeAll(
      Caller caller, InodeNumber inode, long offsetBytes, ByteBuffer data, PrivilegeLoss loss)
      throws FsException {
    int start = data.position();
    int limit = data.limit();
    return operations.changing(
        () -> {
          data.limit(limit).position(start);
          LiveInode file = table.require(inode);
          try (InodeLocks.Held held = locks.write(inode.value())) {
            int written = content.write(caller, file, offsetBytes, data);
            if (written > 0) {
              privileges.drop(file, loss);
              accessTimes.changed(file);
            }
            return written;
          }
        },
        inode);
  }

  void allocate(
      Caller caller, InodeNumber inode, AllocateMode mode, long offsetBytes, long lengthBytes)
      throws FsException {
    if (mode == AllocateMode.PUNCH_HOLE && offsetBytes >= 0 && lengthBytes > 0) {
      long end = Math.min(offsetBytes, FileContent.MAX_BYTES - lengthBytes) + lengthBytes;
      freeAhead(inode, FileContent.blocksOf(offsetBytes), end / BLOCK_BYTES);
    }
    operations.change(
        () -> {
          LiveInode file = table.require(inode);
          try (InodeLocks.Held held = locks.write(inode.value())) {
            allocation.allocate(caller, file, mode, offsetBytes, lengthBytes);
            privileges.drop(file, PrivilegeLoss.by(caller));
            accessTimes.changed(file);
          }
        },
        inode);
  }

  long seek(InodeNumber inode, long offsetBytes, SeekTarget target) throws FsException {
    return operations.reading(
        () -> {
          LiveInode file = table.require(inode);
          try (InodeLocks.Held held = locks.read(inode.value())) {
            return holes.seek(file, offsetBytes, target);
          }
        },
        inode);
  }

  long copyRange(
      Caller caller,
      InodeNumber from,
      long fromOffsetBytes,
      InodeNumber to,
      long toOffsetBytes,
      long lengthBytes)
      throws FsException {
    if (from.equals(to) && Math.abs(fromOffsetBytes - toOffsetBytes) < lengthBytes) {
      operations.reading(() -> FileContent.requireContent(table.require(from).record()), from);
      throw new FsException(Errno.EINVAL, "ranges overlap");
    }
    long done = 0;
    long asked;
    do {
      long start = done;
      long length = Math.min(COPY_BYTES_AT_ONCE, lengthBytes - done);
      asked = start + length;
      try {
        done +=
            operations.changing(
                () -> {
                  LiveInode source = table.require(from);
                  LiveInode target = table.require(to);
                  try (InodeLocks.Held held = locks.write(from.value(), to.value())) {
                    long copied =
                        copying.copy(
                            caller,
                            source,
                            fromOffsetBytes + start,
                            target,
                            toOffsetBytes + start,
                            length);
                    if (copied > 0) {
                      privileges.drop(target, PrivilegeLoss.by(caller));
                      accessTimes.changed(target);
                    }
                    return copied;
                  }
                },
                from,
                to);
      } catch (FsException refusal) {
        if (done == 0) {
          throw refusal;
        }
        return done; // As write(2): what was copied counts.
      }
    } while (done == asked && done < lengthBytes);
    return done;
  }

  /** Keeps the transaction of a cut short where a file is huge. */
  void freeAhead(InodeNumber inode, long fromBlock, long endBlock) throws FsException {
    boolean done = false;
    while (!done) {
      done =
          operations.changing(
              () -> {
                LiveInode file = table.require(inode);
                try (InodeLocks.Held held = locks.write(inode.value())) {
                  return file.record().type() != FileType.REGULAR
                      || content.freeAhead(file, fromBlock, endBlock);
                }
              },
              inode);
    }
  }
}
