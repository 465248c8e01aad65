package org.telosfs.persistence;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be wrong with a store, by what is to be done about it. */
public abstract sealed class StoreException extends IOException {

  private static final long serialVersionUID = 1;

  private StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The directory holds no store, or something else: nothing was touched. */
  public static final class NotOurs extends StoreException {
    private static final long serialVersionUID = 1;

    public NotOurs(String message) {
      super(message, null);
    }
  }

  /** Written by a newer version: upgrade. Nothing was touched. */
  public static final class TooNew extends StoreException {
    private static final long serialVersionUID = 1;

    public TooNew(String place, int version, int known) {
      super(
          place
              + ": format version "
              + version
              + " is newer than "
              + known
              + ", the newest this program knows; use a newer program",
          null);
    }
  }

  /**
   * Committed transactions are missing at the end of a file, or a whole file is. Nothing was
   * touched.
   */
  public static final class Truncated extends StoreException {
    private static final long serialVersionUID = 1;

    public Truncated(String message) {
      super(message, null);
    }
  }

  /** Committed bytes are not what was written. Nothing was touched. */
  public static final class Damaged extends StoreException {
    private static final long serialVersionUID = 1;

    private final String segment;
    private final long offsetBytes;

    @SuppressWarnings("serial") // the lists that List.copyOf makes are serializable
    private final List<ObjectId> objects;

    /**
     * @param segment the file
     * @param offsetBytes where in it the first damaged record starts
     * @param objects objects known to be hit; more may be, where a record's header is lost
     */
    public Damaged(String segment, long offsetBytes, List<ObjectId> objects, String what) {
      super(
          segment
              + " at byte "
              + offsetBytes
              + ": "
              + what
              + (objects.isEmpty() ? "" : "; objects hit: " + objects),
          null);
      this.segment = segment;
      this.offsetBytes = offsetBytes;
      this.objects = List.copyOf(objects);
    }

    public String segment() {
      return segment;
    }

    public long offsetBytes() {
      return offsetBytes;
    }

    public List<ObjectId> objects() {
      return objects;
    }
  }

  /** A pack took it away: a state or a revision that was older than what was to be kept. */
  public static final class PackedAway extends StoreException {
    private static final long serialVersionUID = 1;

    public PackedAway(String what) {
      super(what + " was packed away", null);
    }
  }

  /** Another process, or another part of this one, has the store open for writing. */
  public static final class Locked extends StoreException {
    private static final long serialVersionUID = 1;

    public Locked(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** Opened for reading alone. */
  public static final class ReadOnly extends StoreException {
    private static final long serialVersionUID = 1;

    public ReadOnly(String message) {
      super(message, null);
    }
  }

  /**
   * The medium refused a transaction before it could exist, as when it is full. The store can still
   * be written.
   */
  public static final class NotCommitted extends StoreException {
    private static final long serialVersionUID = 1;

    public NotCommitted(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * A sync failed, here or earlier: nothing is written until the store is opened again. Reading
   * goes on.
   */
  public static final class WritingEnded extends StoreException {
    private static final long serialVersionUID = 1;

    public WritingEnded(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
