package org.telosfs.vfs;

/** What utimensat(2) asks of one timestamp: leave it (UTIME_OMIT), now (UTIME_NOW), or a time. */
public sealed interface TimeChange {
  /** Leave it. */
  TimeChange KEEP = new Keep();

  /** The tree's clock at the time of the operation. */
  TimeChange NOW = new Now();

  /** The timestamp after the change. */
  Timestamp applyTo(Timestamp before, Timestamp now);

  /** UTIME_OMIT. */
  record Keep() implements TimeChange {
    @Override
    public Timestamp applyTo(Timestamp before, Timestamp now) {
      return before;
    }
  }

  /** UTIME_NOW. */
  record Now() implements TimeChange {
    @Override
    public Timestamp applyTo(Timestamp before, Timestamp now) {
      return now;
    }
  }

  /** A given time. */
  record At(Timestamp time) implements TimeChange {
    @Override
    public Timestamp applyTo(Timestamp before, Timestamp now) {
      return time;
    }
  }
}
