package org.telosfs.posix;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.QuotaRecord;
import org.telosfs.posix.format.QuotaRecord.Passage;
import org.telosfs.posix.format.QuotaSubject;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;

/**
 * Sets, removes and lists quotas while the tree is used. What is set is durable when the call
 * returns. Safe for threads; one change is made at a time.
 */
public final class Quotas {
  private final PosixVolume volume;
  private final QuotaTable table;
  private final Epochs epochs;
  private final InodeTable inodes;
  private final QuotaCount count;
  private final ProjectPassage passage;

  /** Taken before every other lock. */
  private final ReentrantLock changing = new ReentrantLock();

  Quotas(
      PosixVolume volume,
      Epochs epochs,
      InodeTable inodes,
      QuotaCount count,
      ProjectPassage passage) {
    this.volume = volume;
    this.table = volume.quotas();
    this.epochs = epochs;
    this.inodes = inodes;
    this.count = count;
    this.passage = passage;
  }

  /** Something that changes what is set. */
  @FunctionalInterface
  private interface Change {
    void run() throws FsException;
  }

  private void change(Change change) throws FsException {
    changing.lock();
    try {
      count.complete();
      change.run();
      epochs.sync();
    } finally {
      changing.unlock();
    }
  }

  // ---- users and groups

  /**
   * Sets what a user or group may use; nobody is refused what is in use already.
   *
   * @throws FsException EROFS, ENOSPC, EIO
   */
  public void set(QuotaSubject subject, QuotaLimits limits) throws FsException {
    if (subject.kind() == QuotaSubject.Kind.DIRECTORY) {
      throw new IllegalArgumentException(subject + " is not set by number");
    }
    change(() -> alter(subject, account -> account.limits = limits));
  }

  /** Takes a user's or group's limits away; what is used is counted on. */
  public void remove(QuotaSubject subject) throws FsException {
    set(subject, QuotaLimits.NONE);
  }

  private void alter(QuotaSubject subject, Consumer<QuotaAccount> change) throws FsException {
    epochs.endWith(() -> table.change(subject, change));
  }

  // ---- directories

  /**
   * Sets what a directory's tree may use. What lies in it already is counted to it, but for
   * directories below that have a quota of their own.
   *
   * @throws FsException ENOTDIR, EROFS, ENOSPC, EIO
   */
  public void setDirectory(InodeNumber directory, QuotaLimits limits) throws FsException {
    change(() -> limit(directory, limits));
  }

  private void limit(InodeNumber directory, QuotaLimits limits) throws FsException {
    InodeRecord record = record(directory);
    if (!record.isDirectory()) {
      throw new FsException(Errno.ENOTDIR, "inode " + directory);
    }
    QuotaSubject own = projectOf(directory, record);
    if (own != null) {
      alter(own, account -> account.limits = limits);
      return;
    }
    QuotaSubject fresh = QuotaSubject.directory(table.newProject());
    alter(
        fresh,
        account -> {
          account.limits = limits;
          account.directory = directory.value();
          account.passage = Passage.ASSIGNING;
          account.otherProject = record.project();
        });
    pass(fresh);
  }

  /**
   * Takes a directory's quota away; its inodes are counted as those around it.
   *
   * @return false if it has none
   */
  public boolean removeDirectory(InodeNumber directory) throws FsException {
    boolean[] removed = new boolean[1];
    change(
        () -> {
          QuotaSubject own = projectOf(directory, record(directory));
          if (own != null) {
            removed[0] = true;
            giveBack(own, directory);
          }
        });
    return removed[0];
  }

  private void giveBack(QuotaSubject own, InodeNumber directory) throws FsException {
    long parent = record(directory).parent();
    int around = parent == directory.value() ? 0 : record(new InodeNumber(parent)).project();
    alter(
        own,
        account -> {
          account.limits = QuotaLimits.NONE;
          account.passage = Passage.GIVING_BACK;
          account.otherProject = around;
        });
    pass(own);
  }

  private InodeRecord record(InodeNumber number) throws FsException {
    try (InodeTable.Use use = inodes.use(number.value())) {
      return use.inode().record();
    }
  }

  /** The project of the directory's own quota; null if it has none. */
  private @Nullable QuotaSubject projectOf(InodeNumber directory, InodeRecord record) {
    QuotaReport report = table.report(QuotaSubject.directory(record.project()));
    return report != null && report.directory() == directory.value() ? report.subject() : null;
  }

  /** Gives the inodes of a directory's tree their project, and notes that this is done. */
  private void pass(QuotaSubject project) throws FsException {
    QuotaRecord record = table.passages().get(project);
    if (record == null) {
      return;
    }
    boolean assigns = record.passage() == Passage.ASSIGNING;
    passage.pass(
        record.directory(),
        assigns ? record.otherProject() : project.id(),
        assigns ? project.id() : record.otherProject());
    alter(
        project,
        account -> {
          account.passage = Passage.NONE;
          account.otherProject = 0;
          if (!assigns) {
            account.directory = 0;
          }
        });
  }

  /** Goes on with what a crash has interrupted. */
  void resume() throws FsException {
    for (QuotaSubject project : table.passages().keySet()) {
      pass(project);
    }
  }

  // ---- what there is

  /** Everybody who uses something or has limits; empty if no quota was ever set. */
  public List<QuotaReport> list() {
    return table.isComplete() ? table.reports() : List.of();
  }

  /**
   * Where a directory lies, as names from the root; null if it has gone.
   *
   * @throws FsException EIO
   */
  public @Nullable List<FileName> pathOf(InodeNumber directory) throws FsException {
    Deque<FileName> names = new ArrayDeque<>();
    PosixMap map = volume.view();
    long at = directory.value();
    while (at != InodeNumber.ROOT.value()) {
      long parent;
      try (InodeTable.@Nullable Use use = inodes.useIfExists(at)) {
        if (use == null) {
          return null;
        }
        parent = use.inode().record().parent();
      }
      FileName name = passage.nameIn(map, parent, at);
      if (name == null) {
        return null;
      }
      names.addFirst(name);
      at = parent;
    }
    return new ArrayList<>(names);
  }
}
