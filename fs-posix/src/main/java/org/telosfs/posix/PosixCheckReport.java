package org.telosfs.posix;

import java.util.List;

/**
 * What a {@link PosixChecker} found.
 *
 * @param findings empty if all is well
 * @param findingsLeftOut how many more there were
 * @param inodes that were looked at
 */
public record PosixCheckReport(List<CheckFinding> findings, long findingsLeftOut, long inodes) {
  public PosixCheckReport {
    findings = List.copyOf(findings);
  }
}
