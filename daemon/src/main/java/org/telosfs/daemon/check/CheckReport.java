package org.telosfs.daemon.check;

import java.util.List;

/**
 * What a check found.
 *
 * @param findings one line each; empty if all is well
 * @param findingsLeftOut how many more there were
 * @param nodes of the volume's map, verified
 * @param dataBlocks of files, verified
 * @param revisions of objects, verified
 */
public record CheckReport(
    List<String> findings, long findingsLeftOut, long nodes, long dataBlocks, long revisions) {
  public CheckReport {
    findings = List.copyOf(findings);
  }

  public boolean isClean() {
    return findings.isEmpty() && findingsLeftOut == 0;
  }
}
