package org.telosfs.block.tree;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the clean nodes in memory: a clock over the references that have one, so that a node in
 * use survives a round and a scan does not flush the rest. Once it is full, a leaf that was read
 * from disk comes in only when it is read again soon, as in 2Q (Johnson and Shasha, VLDB 1994):
 * reads all over a tree that is larger than the cache then leave those in peace that are worth
 * keeping, and the collector has no long-lived nodes to bury. Dirty nodes are none of its business.
 * Safe for threads.
 */
final class NodeCache {
  /** A leaf is read again soon if only this part of the capacity was missed in between. */
  private static final int SOON = 8;

  @GuardedBy("this")
  private final @Nullable NodeReference[] ring;

  @GuardedBy("this")
  private int hand;

  @GuardedBy("this")
  private int count;

  @GuardedBy("this")
  private long misses;

  /** Keeps up to {@code capacity} clean nodes. */
  NodeCache(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity=" + capacity);
    }
    this.ring = new NodeReference[capacity];
  }

  /** Notes that a node had to be read from disk; whether to keep it, if it is a leaf. */
  synchronized boolean isWanted(NodeReference missed) {
    misses++;
    return count < ring.length || missed.missedWithin(ring.length / SOON, misses);
  }

  /** Notes that a reference now holds a clean node; another one may lose its own. */
  synchronized void add(NodeReference reference) {
    // Some rounds always find a place: each takes a chance from all.
    while (true) {
      NodeReference there = ring[hand];
      if (there == null || !there.takeChance()) {
        if (there == null) {
          count++;
        } else {
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
