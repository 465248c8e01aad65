package org.telosfs.vfs;

/** When reading moves the access time. */
public enum AccessTimes {
  /**
   * When it is not after the last change, or a day old: it tells whether what is there now has been
   * read.
   */
  RELATIME("relatime"),
  /** Always. */
  STRICT("strict"),
  /** Never. */
  NONE("none");

  private static final long DAY_SECONDS = 24 * 60 * 60;

  private final String word;

  AccessTimes(String word) {
    this.word = word;
  }

  /** True if reading moves the access time of what has these times. */
  public boolean moves(Timestamp accessed, Timestamp modified, Timestamp changed, Timestamp now) {
    return switch (this) {
      case RELATIME ->
          modified.compareTo(accessed) >= 0
              || changed.compareTo(accessed) >= 0
              || now.seconds() - accessed.seconds() >= DAY_SECONDS;
      case STRICT -> !accessed.equals(now);
      case NONE -> false;
    };
  }

  /** As on the command line. */
  @Override
  public String toString() {
    return word;
  }
}
