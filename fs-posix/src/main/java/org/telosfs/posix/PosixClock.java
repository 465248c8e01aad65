package org.telosfs.posix;

import java.time.InstantSource;
import org.telosfs.vfs.Timestamp;

/** The time of the tree. */
record PosixClock(InstantSource source) {
  Timestamp now() {
    return Timestamp.of(source.instant());
  }
}
