package org.telosfs.persistence.pack;

import java.util.List;
import org.telosfs.persistence.TransactionId;

/**
 * What a pack did, or would do.
 *
 * @param applied whether anything was changed; if not, the rest is what would be
 * @param resumed whether a pack that had been cut short was finished first
 * @param horizon every state from there on is kept
 * @param objectsGone objects that were deleted or could not be reached
 * @param revisionsGone revisions that were left out, those of these objects included
 * @param segments how many segments there were
 * @param segmentsRewritten how many of them were written anew
 * @param bytesBefore what the segments took
 * @param bytesAfter what they take now
 * @param blobsGone blobs that no revision links any more
 * @param blobBytesGone what they took
 * @param dangling references that lead nowhere, at most {@link ReachabilityMark#MAX_DANGLING}
 * @param danglingLeftOut how many more there were
 */
public record PackReport(
    boolean applied,
    boolean resumed,
    TransactionId horizon,
    long objectsGone,
    long revisionsGone,
    int segments,
    int segmentsRewritten,
    long bytesBefore,
    long bytesAfter,
    long blobsGone,
    long blobBytesGone,
    List<DanglingReference> dangling,
    long danglingLeftOut) {
  public PackReport {
    dangling = List.copyOf(dangling);
  }
}
