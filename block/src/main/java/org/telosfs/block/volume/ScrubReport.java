package org.telosfs.block.volume;

import java.util.List;

/**
 * What a scrub found.
 *
 * @param findings one line each; empty if all is well
 * @param findingsLeftOut how many more there were
 * @param nodes tree nodes verified
 * @param dataBlocks data blocks verified
 * @param unwrittenBlocks allocated blocks that have no content to verify
 */
public record ScrubReport(
    List<String> findings,
    long findingsLeftOut,
    long nodes,
    long dataBlocks,
    long unwrittenBlocks) {
  public ScrubReport {
    findings = List.copyOf(findings);
  }
}
