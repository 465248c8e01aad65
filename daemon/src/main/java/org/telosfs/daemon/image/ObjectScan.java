package org.telosfs.daemon.image;

import java.io.IOException;
import java.util.List;
import org.telosfs.persistence.ObjectId;
import org.telosfs.persistence.Revision;
import org.telosfs.persistence.StoreSnapshot;

/** Looks at every object of a snapshot, some at a time. */
final class ObjectScan {
  private ObjectScan() {}

  /** Is shown each object once, in the order of their numbers. */
  @FunctionalInterface
  interface Visitor {
    void visit(Revision revision) throws IOException;
  }

  static void run(StoreSnapshot snapshot, int atOnce, Visitor visitor) throws IOException {
    ObjectId first = ObjectId.ROOTS;
    while (true) {
      List<ObjectId> ids = snapshot.ids(first, atOnce);
      for (Revision revision : snapshot.get(ids).values()) {
        visitor.visit(revision);
      }
      if (ids.size() < atOnce) {
        return;
      }
      first = new ObjectId(ids.get(ids.size() - 1).value() + 1);
    }
  }
}
