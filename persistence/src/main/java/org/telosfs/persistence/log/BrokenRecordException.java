package org.telosfs.persistence.log;

import java.util.List;
import org.telosfs.persistence.ObjectId;

/**
 * No intact record lies where one should. Whoever asked knows whether that is a torn tail or
 * damage.
 */
final class BrokenRecordException extends Exception {

  private static final long serialVersionUID = 1;

  @SuppressWarnings("serial") // the lists that List.copyOf makes are serializable
  private final List<ObjectId> objects;

  private final long offsetBytes;

  BrokenRecordException(long offsetBytes, String what, List<ObjectId> objects) {
    super(what, null, false, false);
    this.offsetBytes = offsetBytes;
    this.objects = List.copyOf(objects);
  }

  long offsetBytes() {
    return offsetBytes;
  }

  /** The objects known to be hit. */
  List<ObjectId> objects() {
    return objects;
  }
}
