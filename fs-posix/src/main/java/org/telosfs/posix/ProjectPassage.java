package org.telosfs.posix;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.volume.Purpose;
import org.telosfs.posix.format.EntryRecord;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;

/**
 * Takes the inodes of a directory's tree from one project to another, each in a transaction of its
 * own, while the tree is used: the directory comes first, and from then on new entries inherit the
 * new project. Inodes of other projects, and what lies below them, stay as they are. Done again, it
 * goes on where it was interrupted.
 */
final class ProjectPassage {
  private final PosixVolume volume;
  private final InodeTable table;
  private final Epochs epochs;
  private final InodeLocks locks;
  private final PageFlush flush;

  ProjectPassage(
      PosixVolume volume, InodeTable table, Epochs epochs, InodeLocks locks, PageFlush flush) {
    this.volume = volume;
    this.table = table;
    this.epochs = epochs;
    this.locks = locks;
    this.flush = flush;
  }

  /** Returns when nothing of the old project is left; while this runs, nothing else moves there. */
  void pass(long root, int from, int to) throws FsException {
    boolean changed = true;
    while (changed) {
      changed = passOnce(root, from, to);
    }
  }

  private boolean passOnce(long root, int from, int to) throws FsException {
    boolean changed = visit(root, null, root, from, to) == Visit.TAKEN;
    Deque<Long> directories = new ArrayDeque<>();
    directories.push(root);
    while (!directories.isEmpty()) {
      long directory = directories.pop();
      do {
        changed |= passEntries(directory, from, to);
      } while (holds(directory, from));
      pushSubdirectories(directory, to, directories);
    }
    return changed;
  }

  private boolean passEntries(long directory, int from, int to) throws FsException {
    boolean changed = false;
    EntryRecord entry = volume.view().entryFrom(directory, 0);
    while (entry != null) {
      changed |= visit(directory, entry.name(), entry.inode(), from, to) == Visit.TAKEN;
      entry = volume.view().entryFrom(directory, entry.cookie() + 1);
    }
    return changed;
  }

  /** Whether a name, which may have moved to where others had been seen, leads to the project. */
  private boolean holds(long directory, int project) throws FsException {
    try (InodeLocks.Held held = locks.read(directory)) {
      PosixMap map = volume.view();
      EntryRecord entry = map.entryFrom(directory, 0);
      while (entry != null) {
        if (isOf(map, entry, project)) {
          return true;
        }
        entry = map.entryFrom(directory, entry.cookie() + 1);
      }
      return false;
    }
  }

  private static boolean isOf(PosixMap map, EntryRecord entry, int project) throws FsException {
    InodeRecord record = map.inode(entry.inode());
    return record != null && record.project() == project;
  }

  private void pushSubdirectories(long directory, int project, Deque<Long> into)
      throws FsException {
    EntryRecord entry = volume.view().entryFrom(directory, 0);
    while (entry != null) {
      PosixMap map = volume.view();
      if (entry.type() == FileType.DIRECTORY && isOf(map, entry, project)) {
        into.push(entry.inode());
      }
      entry = map.entryFrom(directory, entry.cookie() + 1);
    }
  }

  private enum Visit {
    /** It was of the old project, and is of the new one. */
    TAKEN,
    /** It is of the new project. */
    OWN,
    /** It is of another project, or gone. */
    FOREIGN
  }

  private Visit visit(long directory, @Nullable FileName name, long number, int from, int to)
      throws FsException {
    Visit visit;
    try (Epochs.Entered entered = epochs.enter();
        InodeTable.@Nullable Use use = table.useIfExists(number)) {
      visit = use == null ? Visit.FOREIGN : take(directory, name, use.inode(), from, to);
    }
    epochs.throttle();
    return visit;
  }

  private Visit take(long directory, @Nullable FileName name, LiveInode inode, int from, int to)
      throws FsException {
    try (InodeLocks.Held held = locks.write(directory, inode.value())) {
      if (name != null) {
        EntryRecord there = volume.view().entry(directory, name);
        if (there == null || there.inode() != inode.value()) {
          return Visit.FOREIGN;
        }
      }
      if (inode.record().project() != from) {
        return inode.record().project() == to ? Visit.OWN : Visit.FOREIGN;
      }
      flush.flush(inode); // What waits is counted for the project of now.
      try (PosixTransaction tx = volume.begin(Purpose.RELEASE)) {
        InodeRecord after = inode.record().withProject(to);
        tx.putInode(inode, after);
        tx.commit();
        inode.committed(after);
      }
      return Visit.TAKEN;
    }
  }

  /** The name of an inode in a directory; null if it has none there. */
  @Nullable FileName nameIn(PosixMap map, long directory, long inode) throws FsException {
    EntryRecord entry = map.entryFrom(directory, 0);
    while (entry != null && entry.inode() != inode) {
      entry = map.entryFrom(directory, entry.cookie() + 1);
    }
    return entry == null ? null : entry.name();
  }
}
