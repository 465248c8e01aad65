package org.telosfs.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.Key;
import org.telosfs.block.NoSpaceException;
import org.telosfs.block.volume.MapCursor;
import org.telosfs.block.volume.MapEntry;
import org.telosfs.block.volume.MapReader;
import org.telosfs.block.volume.Purpose;
import org.telosfs.block.volume.Reservation;
import org.telosfs.block.volume.Volume;
import org.telosfs.block.volume.VolumeFailedException;
import org.telosfs.block.volume.VolumeStats;
import org.telosfs.posix.format.FileExtentRecord;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;

/**
 * The volume as the filesystem sees it. Here and in {@link PosixTransaction}, and nowhere else, a
 * medium's failure becomes an errno: no space is ENOSPC, everything else EIO; and a failure to keep
 * what was written ends writing.
 */
final class PosixVolume {
  private final Volume volume;
  private final MountHealth health;
  private final ReentrantLock sharedBlocks = new ReentrantLock();
  private final QuotaTable quotas = new QuotaTable();

  private Consumer<LiveInode> writeBack = inode -> {};
  private IntSupplier waiting = () -> 0;

  PosixVolume(Volume volume, MountHealth health) {
    this.volume = volume;
    this.health = health;
  }

  /**
   * Lets records wait for the end of their epoch.
   *
   * @param later takes an inode whose record is ahead of the volume's
   * @param inodes how many such inodes there are, for each of which a node is kept free
   */
  void writesBack(Consumer<LiveInode> later, IntSupplier inodes) {
    writeBack = later;
    waiting = inodes;
  }

  /** The inode's record is ahead of the volume's. */
  void isAhead(LiveInode inode) {
    writeBack.accept(inode);
  }

  /** The newest committed state. */
  PosixMap view() {
    return new Rows(volume.view());
  }

  /** Held by a transaction from its first look at the counts of {@link SharedBlocks}. */
  Lock sharedBlocksLock() {
    return sharedBlocks;
  }

  /** What is charged for what transactions change. */
  QuotaTable quotas() {
    return quotas;
  }

  PosixTransaction begin(Purpose purpose) throws FsException {
    return begin(purpose, waiting.getAsInt());
  }

  /** A transaction that may change so many nodes more than the usual one. */
  PosixTransaction beginLarge(Purpose purpose, int moreNodes) throws FsException {
    return begin(purpose, waiting.getAsInt() + moreNodes);
  }

  /** A transaction that commits what waits, of so many inodes. */
  PosixTransaction beginWriteBack(int inodes) throws FsException {
    return begin(Purpose.RELEASE, inodes);
  }

  private PosixTransaction begin(Purpose purpose, int moreNodes) throws FsException {
    health.requireWritable();
    try {
      return new PosixTransaction(this, volume, volume.begin(purpose, moreNodes));
    } catch (IOException failure) {
      throw refused("begin a transaction", failure);
    }
  }

  Reservation reserve(long blocks) throws FsException {
    health.requireWritable();
    try {
      return volume.reserve(blocks);
    } catch (IOException failure) {
      throw refused("reserve " + blocks + " blocks", failure);
    }
  }

  /** Reads verified blocks of a written extent. */
  void read(FileExtentRecord record, int firstBlock, ByteBuffer into) throws FsException {
    if (record.checksums() == null) {
      throw new IllegalArgumentException("an unwritten extent has nothing to read");
    }
    try {
      volume.extents().read(record.extent(), record.checksums(), firstBlock, into);
    } catch (IOException failure) {
      throw refused("read " + record.extent(), failure);
    }
  }

  long seal() {
    return volume.seal();
  }

  long openGroupBytes() {
    return volume.openGroupBytes();
  }

  void awaitWritten(long sequence) throws FsException {
    try {
      volume.awaitWritten(sequence);
    } catch (IOException failure) {
      throw lost("write the journal", failure);
    }
  }

  void awaitDurable(long sequence) throws FsException {
    try {
      volume.awaitDurable(sequence);
    } catch (IOException failure) {
      throw lost("flush", failure);
    }
  }

  VolumeStats stats() {
    return volume.stats();
  }

  void close() throws IOException {
    volume.close();
  }

  /** What a failure becomes where nothing has been lost by it. */
  FsException refused(String what, IOException failure) {
    if (failure instanceof NoSpaceException) {
      return new FsException(Errno.ENOSPC);
    }
    if (failure instanceof VolumeFailedException) {
      health.failed(failure);
    }
    return new FsException(Errno.EIO, what + ": " + failure.getMessage(), failure);
  }

  /** What a failure to write data becomes: without space it may be tried again, else it is lost. */
  FsException notKept(String what, IOException failure) {
    return failure instanceof NoSpaceException ? refused(what, failure) : lost(what, failure);
  }

  /** What a failure becomes where accepted changes may be lost: writing ends. */
  FsException lost(String what, IOException failure) {
    health.failed(failure);
    return new FsException(Errno.EIO, what + ": " + failure.getMessage(), failure);
  }

  /** Rows of any of the volume's maps. */
  final class Rows implements PosixMap {
    private final MapReader map;

    Rows(MapReader map) {
      this.map = map;
    }

    @Override
    public byte @Nullable [] get(byte[] key) throws FsException {
      try {
        return map.get(Key.of(key));
      } catch (IOException failure) {
        throw refused("read the map", failure);
      }
    }

    @Override
    public @Nullable Row floor(byte[] key) throws FsException {
      try {
        return row(map.floor(Key.of(key)));
      } catch (IOException failure) {
        throw refused("read the map", failure);
      }
    }

    @Override
    public @Nullable Row ceiling(byte[] key) throws FsException {
      try {
        return row(map.ceiling(Key.of(key)));
      } catch (IOException failure) {
        throw refused("read the map", failure);
      }
    }

    @Override
    public Walk walk(byte[] from, byte[] end) throws FsException {
      try {
        MapCursor cursor = map.scan(Key.of(from), Key.of(end));
        return () -> {
          try {
            return cursor.next() ? new Row(cursor.key().bytes(), cursor.value()) : null;
          } catch (IOException failure) {
            throw refused("read the map", failure);
          }
        };
      } catch (IOException failure) {
        throw refused("read the map", failure);
      }
    }

    private static @Nullable Row row(@Nullable MapEntry entry) {
      return entry == null ? null : new Row(entry.key().bytes(), entry.value());
    }
  }
}
