package org.telosfs.posix;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.telosfs.block.volume.Purpose;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.KeyFamily;
import org.telosfs.posix.format.PosixFormatException;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.posix.format.QuotaRecord;
import org.telosfs.posix.format.QuotaSubject;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;

/**
 * What every user, group and quota directory uses, exact at every moment. Each transaction that
 * changes inodes is charged here before it commits, and what changed is put into the map at the end
 * of the epoch, in the group of the transactions themselves: so usage and content agree after a
 * crash.
 *
 * <p>Nothing is counted until the first quota is set. Then the inodes are counted in steps, while
 * the tree is used: transactions count for those inodes that a step has passed. Safe for threads;
 * its monitor is taken last of all locks.
 */
final class QuotaTable {
  private static final long NO_INODE = 0;
  private static final long ALL_INODES = -1; // as unsigned numbers go

  @GuardedBy("this")
  private final Map<QuotaSubject, QuotaAccount> accounts = new HashMap<>();

  /** Inodes with lower numbers are counted; changed by the end of an epoch alone. */
  private volatile long countedBelow = NO_INODE;

  /** Whether waiting pages are counted: from the first step on. */
  private volatile boolean started;

  /** Whether a directory's inodes are on their way to another project. */
  private volatile boolean passing;

  // ---- whether it counts

  /** Inodes with lower numbers, unsigned, are counted. */
  long countedBelow() {
    return countedBelow;
  }

  /** True from the first step of the first count on; false costs nothing. */
  boolean isStarted() {
    return started;
  }

  /** True if everything is counted. */
  boolean isComplete() {
    return countedBelow == ALL_INODES;
  }

  boolean counts(long inode) {
    return Long.compareUnsigned(inode, countedBelow) < 0;
  }

  /** The first count begins; nothing waits now. */
  void start() {
    started = true;
  }

  /** A step of the first count has passed these inodes. */
  void counted(QuotaDelta inodes, long below) {
    add(inodes.bySubject());
    countedBelow = below;
  }

  /** The first count has passed all inodes. */
  void complete() {
    countedBelow = ALL_INODES;
  }

  /** The first count has failed: nothing is counted, as before. */
  synchronized void abandon() {
    countedBelow = NO_INODE;
    started = false;
    accounts.clear();
  }

  /** Starts from what the volume has. */
  synchronized void load(PosixMap map) throws FsException {
    byte[] first = PosixKeys.first(KeyFamily.QUOTA);
    PosixMap.Row row = map.ceiling(first);
    while (row != null && row.key()[0] == KeyFamily.QUOTA.code()) {
      try {
        QuotaRecord record = QuotaRecord.decode(row.value());
        accounts.put(PosixKeys.quotaSubjectOf(row.key()), QuotaAccount.of(record));
      } catch (PosixFormatException damaged) {
        throw PosixMap.damaged("a quota", damaged);
      }
      row = map.ceiling(successor(row.key()));
    }
    notePassing();
    started = true;
    countedBelow = ALL_INODES;
  }

  private static byte[] successor(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  // ---- transactions

  /**
   * Charges what a transaction changes.
   *
   * @param settled whose waiting pages the transaction gives places to; null if nobody's
   * @param settledBlocks blocks of them, which are counted as waiting and now with the rest
   * @param payer who is refused what goes beyond the limits; null if nobody is
   * @throws FsException EDQUOT; then nothing was charged
   */
  synchronized void charge(
      Map<QuotaSubject, QuotaUsage> changes,
      @Nullable LiveInode settled,
      long settledBlocks,
      @Nullable Caller payer)
      throws FsException {
    if (settled != null) {
      wait(settled, -settledBlocks);
    }
    if (payer != null) {
      for (Map.Entry<QuotaSubject, QuotaUsage> change : changes.entrySet()) {
        QuotaUsage more = change.getValue();
        if (refuses(change.getKey(), more.blocks(), more.inodes(), payer)) {
          if (settled != null) {
            wait(settled, settledBlocks);
          }
          throw exceeded(change.getKey());
        }
      }
    }
    add(changes);
  }

  /** Takes a charge back, as the transaction was not committed. */
  synchronized void undo(
      Map<QuotaSubject, QuotaUsage> changes, @Nullable LiveInode settled, long settledBlocks) {
    changes.forEach((subject, more) -> use(subject, QuotaUsage.NOTHING.minus(more)));
    if (settled != null) {
      wait(settled, settledBlocks);
    }
  }

  private synchronized void add(Map<QuotaSubject, QuotaUsage> changes) {
    changes.forEach(this::use);
  }

  @GuardedBy("this")
  private void use(QuotaSubject subject, QuotaUsage more) {
    QuotaAccount account = account(subject);
    account.usage = account.usage.plus(more);
    account.changed = true;
  }

  @GuardedBy("this")
  private boolean refuses(QuotaSubject subject, long blocks, long inodes, Caller payer) {
    QuotaAccount account = accounts.get(subject);
    // As on ext4 root may exceed what is set for users; a directory's quota is for whoever works
    // in it, root too.
    boolean exempt = payer.isRoot() && subject.kind() != QuotaSubject.Kind.DIRECTORY;
    return account != null && !exempt && account.refuses(blocks, inodes);
  }

  private static FsException exceeded(QuotaSubject subject) {
    return new FsException(Errno.EDQUOT, subject + " would exceed its quota");
  }

  @GuardedBy("this")
  private QuotaAccount account(QuotaSubject subject) {
    return accounts.computeIfAbsent(subject, unknown -> new QuotaAccount());
  }

  /** A directory is no more: its quota goes with it. */
  synchronized void directoryFreed(long inode, int project) {
    QuotaAccount account = accounts.get(QuotaSubject.directory(project));
    if (account != null && account.directory == inode) {
      account.limits = QuotaLimits.NONE;
      account.directory = 0;
      account.passage = QuotaRecord.Passage.NONE;
      account.otherProject = 0;
      account.changed = true;
      notePassing();
    }
  }

  // ---- waiting pages; under the inode's exclusive lock

  /**
   * Counts so many more blocks that will be added to a file.
   *
   * @param payer as for {@link #charge}
   * @throws FsException EDQUOT
   */
  void reserve(LiveInode inode, long blocks, @Nullable Caller payer) throws FsException {
    if (!started || blocks == 0) {
      return;
    }
    synchronized (this) {
      if (payer != null) {
        for (QuotaSubject subject : QuotaDelta.subjectsOf(inode.record())) {
          if (refuses(subject, blocks, 0, payer)) {
            throw exceeded(subject);
          }
        }
      }
      wait(inode, blocks);
    }
  }

  /** Gives back what is counted for more pages than wait. */
  void trim(LiveInode inode) {
    if (!started) {
      inode.quotaBlocks = 0;
      return;
    }
    long excess = inode.quotaBlocks - inode.pages().fresh();
    if (excess > 0) {
      synchronized (this) {
        wait(inode, -excess);
      }
    }
  }

  @GuardedBy("this")
  private void wait(LiveInode inode, long moreBlocks) {
    if (moreBlocks != 0) {
      for (QuotaSubject subject : QuotaDelta.subjectsOf(inode.record())) {
        account(subject).waitingBlocks += moreBlocks;
      }
      inode.quotaBlocks += moreBlocks;
    }
  }

  // ---- the end of an epoch

  /** Puts what has changed; no other transaction runs meanwhile. */
  void putChanged(PosixVolume volume) throws FsException {
    if (!isComplete()) {
      return;
    }
    Map<QuotaSubject, @Nullable QuotaRecord> rows = changedRows();
    if (rows.isEmpty()) {
      return;
    }
    try (PosixTransaction tx = volume.begin(Purpose.RELEASE)) {
      rows.forEach(
          (subject, record) -> {
            if (record == null) {
              tx.delete(PosixKeys.quota(subject));
            } else {
              tx.put(PosixKeys.quota(subject), record.encode());
            }
          });
      tx.commit();
    }
    put();
  }

  /** Null where nothing is left to be kept. */
  private synchronized Map<QuotaSubject, @Nullable QuotaRecord> changedRows() {
    Map<QuotaSubject, @Nullable QuotaRecord> rows = new HashMap<>();
    accounts.forEach(
        (subject, account) -> {
          if (account.changed) {
            rows.put(subject, account.isEmpty() ? null : account.record());
          }
        });
    return rows;
  }

  private synchronized void put() {
    Iterator<QuotaAccount> each = accounts.values().iterator();
    while (each.hasNext()) {
      QuotaAccount account = each.next();
      account.changed = false;
      if (account.isEmpty()) {
        each.remove();
      }
    }
  }

  // ---- limits; changed by the end of an epoch alone

  /** Changes what is set for a subject. */
  synchronized void change(QuotaSubject subject, Consumer<QuotaAccount> change) {
    QuotaAccount account = account(subject);
    change.accept(account);
    account.changed = true;
    notePassing();
  }

  @GuardedBy("this")
  private void notePassing() {
    passing =
        accounts.values().stream().anyMatch(account -> account.passage != QuotaRecord.Passage.NONE);
  }

  /** A project that nothing belongs to. */
  synchronized int newProject() {
    int greatest = 0;
    for (QuotaSubject subject : accounts.keySet()) {
      if (subject.kind() == QuotaSubject.Kind.DIRECTORY) {
        greatest = Math.max(greatest, subject.id());
      }
    }
    return greatest + 1;
  }

  /** A subject's quota as it is; null if nothing is known of it. */
  synchronized @Nullable QuotaReport report(QuotaSubject subject) {
    QuotaAccount account = accounts.get(subject);
    return account == null ? null : report(subject, account);
  }

  private static QuotaReport report(QuotaSubject subject, QuotaAccount account) {
    return new QuotaReport(subject, account.directory, account.limits, account.total());
  }

  /** All that use something or have limits, in order. */
  synchronized List<QuotaReport> reports() {
    Map<QuotaSubject, QuotaAccount> sorted =
        new TreeMap<>(
            Comparator.comparing(QuotaSubject::kind)
                .thenComparing(QuotaSubject::id, Integer::compareUnsigned));
    sorted.putAll(accounts);
    List<QuotaReport> reports = new ArrayList<>();
    sorted.forEach(
        (subject, account) -> {
          if (!account.isEmpty()) {
            reports.add(report(subject, account));
          }
        });
    return reports;
  }

  /** Directories whose inodes are on their way to another project. */
  synchronized Map<QuotaSubject, QuotaRecord> passages() {
    Map<QuotaSubject, QuotaRecord> found = new HashMap<>();
    accounts.forEach(
        (subject, account) -> {
          if (account.passage != QuotaRecord.Passage.NONE) {
            found.put(subject, account.record());
          }
        });
    return found;
  }

  // ---- names

  /**
   * What lies in a directory counts to the directory's project, so nothing is moved or linked into
   * one of another.
   *
   * @throws FsException EXDEV
   */
  static void requireSameProject(InodeRecord inode, InodeRecord directory) throws FsException {
    if (inode.project() != directory.project()) {
      throw new FsException(Errno.EXDEV, "quotas count the two places apart");
    }
  }

  /**
   * As {@link #requireSameProject}, for a move; a directory that has a quota of its own may move
   * where its parent's inodes may.
   */
  void requireMovable(InodeRecord inode, InodeRecord from, InodeRecord to) throws FsException {
    requireSameProject(from, to);
    if (passing || !inode.isDirectory()) {
      requireSameProject(inode, to);
    }
  }
}
