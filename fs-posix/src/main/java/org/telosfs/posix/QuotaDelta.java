package org.telosfs.posix;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.QuotaSubject;

/** By how much inodes that appear, change and go change what their subjects use. */
final class QuotaDelta {
  private final Map<QuotaSubject, QuotaUsage> bySubject = new HashMap<>();

  /** An inode was {@code before} and is {@code after}; null where it does not exist. */
  void add(@Nullable InodeRecord before, @Nullable InodeRecord after) {
    if (before != null) {
      QuotaUsage gone = QuotaUsage.NOTHING.minus(QuotaUsage.of(before));
      subjectsOf(before).forEach(subject -> add(subject, gone));
    }
    if (after != null) {
      QuotaUsage come = QuotaUsage.of(after);
      subjectsOf(after).forEach(subject -> add(subject, come));
    }
  }

  private void add(QuotaSubject subject, QuotaUsage more) {
    bySubject.merge(subject, more, QuotaUsage::plus);
  }

  /** Only what differs. */
  Map<QuotaSubject, QuotaUsage> bySubject() {
    bySubject.values().removeIf(QuotaUsage::isNothing);
    return bySubject;
  }

  /** Everybody who is charged for an inode. */
  static List<QuotaSubject> subjectsOf(InodeRecord record) {
    QuotaSubject user = QuotaSubject.user(record.uid());
    QuotaSubject group = QuotaSubject.group(record.gid());
    return record.project() == 0
        ? List.of(user, group)
        : List.of(user, group, QuotaSubject.directory(record.project()));
  }
}
