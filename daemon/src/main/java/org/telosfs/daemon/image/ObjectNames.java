package org.telosfs.daemon.image;

import java.io.IOException;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.Refusal;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreSnapshot;

/** Finds what a user calls by name or number. */
final class ObjectNames {
  private ObjectNames() {}

  /**
   * The object that a root names, or of that number.
   *
   * @throws Refusal FAILED if there is none
   */
  static Revision find(StoreSnapshot snapshot, String wanted) throws IOException {
    ObjectId id = snapshot.roots().get(wanted);
    if (id == null) {
      try {
        id = ObjectId.parse(wanted);
      } catch (IllegalArgumentException isName) {
        throw unknown(wanted);
      }
    }
    return snapshot.get(id).orElseThrow(() -> unknown(wanted));
  }

  private static Refusal unknown(String wanted) {
    return new Refusal(
        ExitCode.FAILED,
        "there is no object named or numbered '" + wanted + "'; see: telosfs image ls");
  }
}
