package org.telosfs.block;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A host file or a raw partition. A new file is sparse: it takes space as it is written. The device
 * is locked exclusively from opening to closing. {@link #discard} does nothing: Java cannot punch
 * holes.
 *
 * <p>A thread that is interrupted in the middle of a transfer closes the file for all; threads that
 * use a device must not be interrupted.
 */
public final class FileBlockDevice implements BlockDevice {
  private static final int SECTOR_BYTES = 4096;
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;
  private final long sizeBytes;
  private final EarlyFlush flushes;

  private FileBlockDevice(Path path, FileChannel channel, FileLock lock, long sizeBytes) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
    this.sizeBytes = sizeBytes;
    this.flushes = new EarlyFlush(() -> channel.force(false), path.toString());
  }

  /**
   * Opens what is there; a last part smaller than a sector is not used.
   *
   * @throws DeviceInUseException if it is open elsewhere
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  public static FileBlockDevice open(Path path) throws IOException {
    return open(path, 0, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  /**
   * Makes a new sparse file, which only its owner may read.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is one; it is not touched
   */
  public static FileBlockDevice create(Path path, long sizeBytes) throws IOException {
    if (sizeBytes <= 0 || sizeBytes % SECTOR_BYTES != 0) {
      throw new IllegalArgumentException(
          "sizeBytes=" + sizeBytes + " is not a multiple of " + SECTOR_BYTES);
    }
    return open(
        path,
        sizeBytes,
        Set.of(
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE));
  }

  private static FileBlockDevice open(
      Path path, long newSizeBytes, Set<? extends OpenOption> options) throws IOException {
    FileChannel channel =
        newSizeBytes > 0
            ? FileChannel.open(path, options, OWNER_ONLY)
            : FileChannel.open(path, options);
    try {
      FileLock lock = tryLock(channel);
      if (lock == null) {
        throw new DeviceInUseException(path);
      }
      if (newSizeBytes > 0) {
        channel.write(ByteBuffer.allocate(1), newSizeBytes - 1);
        channel.force(true);
      }
      return new FileBlockDevice(path, channel, lock, channel.size() & -SECTOR_BYTES);
    } catch (IOException | RuntimeException failed) {
      try {
        channel.close();
      } catch (IOException alsoFailed) {
        failed.addSuppressed(alsoFailed);
      }
      throw failed;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException ownProcess) {
      return null;
    }
  }

  @Override
  public int sectorBytes() {
    return SECTOR_BYTES;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) throws IOException {
    BlockGeometry.requireSectors(this, offsetBytes, into.remaining());
    long at = offsetBytes;
    while (into.hasRemaining()) {
      int count = channel.read(into, at);
      if (count < 0) {
        throw new IOException(path + " ends at byte " + at + " while it was read");
      }
      at += count;
    }
  }

  @Override
  public void write(long offsetBytes, ByteBuffer from) throws IOException {
    BlockGeometry.requireSectors(this, offsetBytes, from.remaining());
    long at = offsetBytes;
    while (from.hasRemaining()) {
      at += channel.write(from, at);
    }
    flushes.wrote(at - offsetBytes);
  }

  @Override
  public void flush() throws IOException {
    flushes.flush();
  }

  @Override
  public void discard(long offsetBytes, long lengthBytes) {
    BlockGeometry.requireSectors(this, offsetBytes, lengthBytes);
  }

  @Override
  public void close() throws IOException {
    flushes.close();
    if (channel.isOpen()) {
      lock.release();
    }
    channel.close();
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
