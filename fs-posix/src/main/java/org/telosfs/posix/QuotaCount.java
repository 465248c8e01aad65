package org.telosfs.posix;

import org.jspecify.annotations.Nullable;
import org.telosfs.block.volume.Purpose;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.KeyFamily;
import org.telosfs.posix.format.PosixFormatException;
import org.telosfs.posix.format.PosixHeader;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.vfs.FsException;

/**
 * The first count, in the order of inode numbers: the tree stands still for one step at a time, and
 * between the steps transactions are charged for the inodes that have been passed. A crash before
 * the end leaves no trace.
 */
final class QuotaCount {
  /** Inodes counted while the tree stands still: some ten milliseconds. */
  private static final int INODES_AT_ONCE = 4096;

  private final PosixVolume volume;
  private final QuotaTable table;
  private final Epochs epochs;
  private final InodeNumbers numbers;

  QuotaCount(PosixVolume volume, Epochs epochs, InodeNumbers numbers) {
    this.volume = volume;
    this.table = volume.quotas();
    this.epochs = epochs;
    this.numbers = numbers;
  }

  /** Counts everything, unless that was done; called by one thread at a time. */
  void complete() throws FsException {
    if (table.isComplete()) {
      return;
    }
    try {
      epochs.endWith(table::start);
      while (!table.isComplete()) {
        epochs.endWith(this::countSome);
      }
    } finally {
      if (!table.isComplete()) {
        epochs.alone(table::abandon);
      }
    }
  }

  private void countSome() throws FsException {
    PosixMap map = volume.view();
    QuotaDelta found = new QuotaDelta();
    long next = table.countedBelow();
    PosixMap.Row row = inodeFrom(map, next);
    for (int i = 0; i < INODES_AT_ONCE && row != null; i++) {
      found.add(null, decode(row));
      next = PosixKeys.inodeOf(row.key()) + 1;
      row = inodeFrom(map, next);
    }
    table.counted(found, next);
    if (row == null) {
      try (PosixTransaction tx = volume.begin(Purpose.RELEASE)) {
        numbers.addFeatures(tx, PosixHeader.QUOTAS);
        tx.commit();
      }
      table.complete();
    }
  }

  private static PosixMap.@Nullable Row inodeFrom(PosixMap map, long number) throws FsException {
    PosixMap.Row row = map.ceiling(PosixKeys.inode(number));
    return row != null && row.key()[0] == KeyFamily.INODE.code() ? row : null;
  }

  private static InodeRecord decode(PosixMap.Row row) throws FsException {
    try {
      return InodeRecord.decode(row.value());
    } catch (PosixFormatException damaged) {
      throw PosixMap.damaged("inode " + PosixKeys.inodeOf(row.key()), damaged);
    }
  }
}
