package org.telosfs.fuse;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.telosfs.fuse.wire.Opcode;

/**
 * What a session has done so far.
 *
 * @param requests served, by operation; operations never asked for are absent
 * @param refused answered with an errno (names that are not there excepted)
 * @param failed answered EIO because of a bug
 * @param inFlight being served now
 * @param readers threads there are
 * @param knownInodes inodes that the kernel remembers
 */
public record FuseStats(
    Map<Opcode, Long> requests,
    long refused,
    long failed,
    int inFlight,
    int readers,
    long knownInodes) {

  public FuseStats {
    EnumMap<Opcode, Long> copy = new EnumMap<>(Opcode.class);
    copy.putAll(requests);
    requests = Collections.unmodifiableMap(copy);
  }

  /** All requests. */
  public long totalRequests() {
    return requests.values().stream().mapToLong(Long::longValue).sum();
  }
}
