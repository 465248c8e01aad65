package org.telosfs.block.journal;

import java.io.IOException;

/** A group that had been durable cannot be read; what came after it is therefore lost too. */
public final class JournalDamagedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long offsetBytes;
  private final long missing;
  private final long witness;

  JournalDamagedException(long offsetBytes, long missing, long witness) {
    super(
        "journal group "
            + missing
            + " at byte "
            + offsetBytes
            + " is damaged: group "
            + witness
            + " knew it to be durable");
    this.offsetBytes = offsetBytes;
    this.missing = missing;
    this.witness = witness;
  }

  /** Where on the device the damaged group starts. */
  public long offsetBytes() {
    return offsetBytes;
  }

  /** The sequence of the damaged group. */
  public long missing() {
    return missing;
  }

  /** The sequence of the group that proves it was there. */
  public long witness() {
    return witness;
  }
}
