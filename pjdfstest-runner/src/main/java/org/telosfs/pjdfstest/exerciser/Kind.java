package org.telosfs.pjdfstest.exerciser;

import java.util.Locale;
import org.telosfs.pjdfstest.syscall.Abi;

/** What an operation does, and how often of {@link #TOTAL_WEIGHT} it is drawn. */
enum Kind {
  READ(180),
  READ_VECTOR(50),
  READ_MAPPED(100, Needs.FILE_SYSTEM),
  READ_DIRECT(50, Needs.FILE_SYSTEM),
  WRITE(180),
  WRITE_VECTOR(50),
  WRITE_APPEND(30),
  WRITE_MAPPED(80, Needs.FILE_SYSTEM),
  WRITE_MAPPED_SYNC(2, Needs.FILE_SYSTEM),
  WRITE_DIRECT(50, Needs.FILE_SYSTEM),
  TRUNCATE(60),
  TRUNCATE_BY_OPEN(2),
  ALLOCATE(20, 0),
  ALLOCATE_KEEP_SIZE(20, Abi.FALLOC_FL_KEEP_SIZE),
  PUNCH_HOLE(40, Abi.FALLOC_FL_PUNCH_HOLE | Abi.FALLOC_FL_KEEP_SIZE),
  ZERO_RANGE(20, Abi.FALLOC_FL_ZERO_RANGE),
  ZERO_RANGE_KEEP_SIZE(20, Abi.FALLOC_FL_ZERO_RANGE | Abi.FALLOC_FL_KEEP_SIZE),
  COLLAPSE_RANGE(15, Abi.FALLOC_FL_COLLAPSE_RANGE),
  INSERT_RANGE(15, Abi.FALLOC_FL_INSERT_RANGE),
  COPY_RANGE(90, Needs.FILE_SYSTEM),
  CLONE_RANGE(20, Needs.FILE_SYSTEM),
  CLONE(4, Needs.FILE_SYSTEM),
  SEEK(20),
  /** The same without a write-back before. */
  SEEK_UNSYNCED(20, Needs.FILE_SYSTEM),
  UNMAP(10),
  DROP_CACHE(30),
  SYNC(4),
  SYNC_DATA(4),
  REOPEN(10),
  COMPARE(4);

  static final int TOTAL_WEIGHT = totalWeight();
  private static final Kind[] ALL = values();

  private enum Needs {
    NOTHING,
    FILE_SYSTEM
  }

  private final int weight;
  private final Needs needs;
  private final int allocateMode;

  Kind(int weight) {
    this(weight, Needs.NOTHING, 0);
  }

  Kind(int weight, Needs needs) {
    this(weight, needs, 0);
  }

  /** A mode of fallocate(2). */
  Kind(int weight, int allocateMode) {
    this(weight, Needs.FILE_SYSTEM, allocateMode);
  }

  Kind(int weight, Needs needs, int allocateMode) {
    this.weight = weight;
    this.needs = needs;
    this.allocateMode = allocateMode;
  }

  /** The kind at a point from 0 to below {@link #TOTAL_WEIGHT}. */
  static Kind at(int point) {
    int left = point;
    for (Kind kind : ALL) {
      left -= kind.weight;
      if (left < 0) {
        return kind;
      }
    }
    throw new IllegalArgumentException(point + " is not below " + TOTAL_WEIGHT);
  }

  /** Whether a file system may refuse it altogether. */
  boolean optional() {
    return needs == Needs.FILE_SYSTEM;
  }

  /** The mode that fallocate(2) takes for it. */
  int allocateMode() {
    return allocateMode;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static int totalWeight() {
    int total = 0;
    for (Kind kind : values()) {
      total += kind.weight;
    }
    return total;
  }
}
