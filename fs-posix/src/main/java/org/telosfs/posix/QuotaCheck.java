package org.telosfs.posix;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.telosfs.posix.CheckFinding.Kind;
import org.telosfs.posix.format.InodeRecord;
import org.telosfs.posix.format.PosixFormatException;
import org.telosfs.posix.format.PosixKeys;
import org.telosfs.posix.format.QuotaRecord;
import org.telosfs.posix.format.QuotaSubject;

/** Quotas: what is counted is what the inodes make. */
final class QuotaCheck {
  private final CheckFindings found;
  private final Map<QuotaSubject, QuotaUsage> counted = new HashMap<>();

  QuotaCheck(CheckFindings found) {
    this.found = found;
  }

  void quota(byte[] key, byte[] value) {
    try {
      QuotaRecord record = QuotaRecord.decode(value);
      counted.put(PosixKeys.quotaSubjectOf(key), new QuotaUsage(record.blocks(), record.inodes()));
    } catch (PosixFormatException damaged) {
      found.add(Kind.RECORD, 0, "quota: " + damaged.getMessage());
    }
  }

  /**
   * To be called when all rows have been told of.
   *
   * @param counts whether the filesystem counts at all
   */
  void check(boolean counts, Collection<CheckedInode> inodes) {
    if (!counts) {
      counted.keySet().forEach(subject -> add(subject, "is counted, and nothing should be"));
      return;
    }
    QuotaDelta delta = new QuotaDelta();
    for (CheckedInode inode : inodes) {
      InodeRecord record = inode.record();
      if (record == null) {
        return; // Nobody can say whose it is.
      }
      delta.add(null, record);
    }
    Map<QuotaSubject, QuotaUsage> used = delta.bySubject();
    used.forEach((subject, usage) -> compare(subject, usage));
    counted.keySet().stream()
        .filter(subject -> !used.containsKey(subject))
        .forEach(subject -> compare(subject, QuotaUsage.NOTHING));
  }

  private void compare(QuotaSubject subject, QuotaUsage used) {
    QuotaUsage says = counted.getOrDefault(subject, QuotaUsage.NOTHING);
    if (!says.equals(used)) {
      add(
          subject,
          "uses "
              + used.blocks()
              + " blocks and "
              + used.inodes()
              + " inodes, its quota says "
              + says.blocks()
              + " and "
              + says.inodes());
    }
  }

  private void add(QuotaSubject subject, String text) {
    found.add(Kind.QUOTA, 0, subject + " " + text);
  }
}
