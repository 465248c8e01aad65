package org.telosfs.persistence;

/** A state is larger than the store takes; the way out is a blob. */
public final class StateTooLargeException extends IllegalArgumentException {

  /** No state is larger. */
  public static final int MAX_STATE_BYTES = 16 * 1024 * 1024;

  /** A larger state is taken with a warning. */
  public static final int LARGE_STATE_BYTES = 1024 * 1024;

  private static final long serialVersionUID = 1;

  public StateTooLargeException(ObjectId id, long sizeBytes) {
    super(
        "the state of object "
            + id
            + " has "
            + sizeBytes
            + " bytes, more than the "
            + MAX_STATE_BYTES
            + " the store takes; put what is large into a blob (ObjectStore.newBlob, image put --blob)");
  }
}
