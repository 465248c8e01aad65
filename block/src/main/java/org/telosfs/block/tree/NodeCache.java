package org.telosfs.block.tree;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the bytes of clean nodes in memory: a clock over the references that have one, so that a
 * node in use survives a round and a scan does not flush the rest. Once it is full, a leaf that was
 * read from disk comes in only when it is read again soon, as in 2Q (Johnson and Shasha, VLDB
 * 1994): reads all over a tree that is larger than the cache then leave those in peace that are
 * worth keeping, and the collector has no long-lived nodes to bury. Dirty nodes are none of its
 * business. Safe for threads.
 */
final class NodeCache {
  /** A leaf is read again soon if only this part of what is kept was missed in between. */
  private static final int SOON = 8;

  /**
   * Leaves are some two thirds full when keys come in no order, so that bytes are the bound; of
   * leaves that are less than half full it is the places.
   */
  private static final int PLACES_FOR_A_FULL_NODE = 2;

  private final long capacityBytes;

  @GuardedBy("this")
  private final @Nullable NodeReference[] ring;

  /** What the node at each place of the ring takes. */
  @GuardedBy("this")
  private final int[] bytes;

  /** The free places of the ring, the first {@code ring.length - count} of these. */
  @GuardedBy("this")
  private final int[] free;

  @GuardedBy("this")
  private int hand;

  @GuardedBy("this")
  private int count;

  @GuardedBy("this")
  private long keptBytes;

  @GuardedBy("this")
  private long misses;

  /** Keeps as many bytes as {@code capacity} full nodes have. */
  NodeCache(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity=" + capacity);
    }
    this.capacityBytes = (long) capacity * NodeFormat.NODE_BYTES;
    this.ring = new NodeReference[PLACES_FOR_A_FULL_NODE * capacity];
    this.bytes = new int[ring.length];
    this.free = new int[ring.length];
    for (int i = 0; i < free.length; i++) {
      free[i] = free.length - 1 - i;
    }
  }

  /** Notes that a node had to be read from disk; whether to keep it, if it is a leaf. */
  synchronized boolean isWanted(NodeReference missed) {
    misses++;
    boolean again = missed.missedWithin(count / SOON, misses);
    return again || hasRoomFor(NodeFormat.NODE_BYTES);
  }

  /** Notes that a reference now holds a clean node; others may lose theirs. */
  synchronized void add(NodeReference reference) {
    TreeNode node = reference.peek();
    if (node == null || reference.cachedAt() >= 0) {
      return; // Another thread has read it, too, and it may even be gone again.
    }
    while (count > 0 && !hasRoomFor(node.bodyBytes())) {
      evict();
    }
    int place = free[ring.length - ++count];
    ring[place] = reference;
    bytes[place] = node.bodyBytes();
    keptBytes += bytes[place];
    reference.cachedAt(place);
  }

  /** Takes a node out that no version has any more. */
  synchronized void forget(NodeReference reference) {
    if (reference.cachedAt() >= 0) {
      remove(reference.cachedAt());
    }
  }

  @GuardedBy("this")
  private boolean hasRoomFor(int more) {
    return count < ring.length && keptBytes + more <= capacityBytes;
  }

  /** Drops the next node that has not been used for a round; there is one. */
  @GuardedBy("this")
  private void evict() {
    // Some rounds always find one: each takes a chance from all.
    while (true) {
      int place = hand;
      hand = (hand + 1) % ring.length;
      NodeReference there = ring[place];
      if (there != null && !there.takeChance()) {
        remove(place);
        return;
      }
    }
  }

  @GuardedBy("this")
  private void remove(int place) {
    NodeReference there = ring[place];
    if (there == null) {
      throw new IllegalStateException("no node at place " + place);
    }
    there.drop();
    there.cachedAt(-1);
    ring[place] = null;
    keptBytes -= bytes[place];
    free[ring.length - count--] = place;
  }
}
