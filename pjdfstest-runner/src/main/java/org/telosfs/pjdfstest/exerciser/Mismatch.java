package org.telosfs.pjdfstest.exerciser;

import org.jspecify.annotations.Nullable;

/** A file is not as it should be, in a range of it. */
final class Mismatch extends Exception {
  private static final long serialVersionUID = 1L;

  private final int file;
  private final int from;
  private final int to;

  Mismatch(int file, int from, int to, String what) {
    this(file, from, to, what, null);
  }

  /** With the system's refusal, if that is what happened. */
  Mismatch(int file, int from, int to, String what, @Nullable Throwable cause) {
    super(what, cause);
    this.file = file;
    this.from = from;
    this.to = to;
  }

  int file() {
    return file;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }
}
