package org.telosfs.block.tree;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the clean nodes in memory: a clock over the references that have one, so that a node in
 * use survives a round and a scan does not flush the rest. Dirty nodes are none of its business.
 * Safe for threads.
 */
final class NodeCache {
  @GuardedBy("this")
  private final @Nullable NodeReference[] ring;

  @GuardedBy("this")
  private int hand;

  /** Keeps up to {@code capacity} clean nodes. */
  NodeCache(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity=" + capacity);
    }
    this.ring = new NodeReference[capacity];
  }

  /** Notes that a reference now holds a clean node; another one may lose its own. */
  synchronized void add(NodeReference reference) {
    // Two rounds always find a place: the first clears every mark.
    while (true) {
      NodeReference there = ring[hand];
      if (there == null || !there.takeTouched()) {
        if (there != null) {
          there.drop();
        }
        ring[hand] = reference;
        hand = (hand + 1) % ring.length;
        return;
      }
      hand = (hand + 1) % ring.length;
    }
  }
}
