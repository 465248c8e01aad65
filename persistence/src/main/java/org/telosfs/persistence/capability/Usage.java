package org.telosfs.persistence.capability;

/**
 * What was put with a capability so far.
 *
 * @param bytes of states
 * @param objects how many
 */
public record Usage(long bytes, long objects) {
  /** Nothing yet. */
  public static final Usage NONE = new Usage(0, 0);

  Usage plus(Usage more) {
    return new Usage(bytes + more.bytes, objects + more.objects);
  }

  Usage negated() {
    return new Usage(-bytes, -objects);
  }
}
