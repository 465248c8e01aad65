package org.telosfs.posix;

import java.util.ArrayList;
import java.util.List;

/** Collects findings; of very many it keeps the first ones and counts the others. */
final class CheckFindings {
  private static final int MOST_FINDINGS = 1000;

  private final List<CheckFinding> findings = new ArrayList<>();
  private long leftOut;

  void add(CheckFinding.Kind kind, long inode, String text) {
    if (findings.size() < MOST_FINDINGS) {
      findings.add(new CheckFinding(kind, inode, text));
    } else {
      leftOut++;
    }
  }

  PosixCheckReport report(long inodes) {
    return new PosixCheckReport(findings, leftOut, inodes);
  }
}
