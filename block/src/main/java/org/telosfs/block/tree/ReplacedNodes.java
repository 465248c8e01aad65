package org.telosfs.block.tree;

import java.util.ArrayList;
import java.util.List;

/**
 * The nodes that updates have replaced and that lie on disk, or will: their space is free once a
 * checkpoint without them is on disk.
 *
 * <p>Updates run in epochs; a checkpoint writes the version at the end of one. A node that was made
 * and replaced within one epoch can be in no such version. One that outlived its epoch and has no
 * address yet can get one only from the checkpoint under way. Used under the lock that orders the
 * updates.
 */
public final class ReplacedNodes {
  private final List<NodeReference> thisEpoch = new ArrayList<>();
  private final List<NodeReference> pending = new ArrayList<>();
  private long epoch = 1;
  private long checkpointEpoch;
  private long dirtyBalance;

  /** The number of the open epoch; new nodes carry it. */
  public long epoch() {
    return epoch;
  }

  /** An update made a node. */
  void made() {
    dirtyBalance++;
  }

  /**
   * Dirty nodes made less dirty nodes replaced, over all updates: by what it grows, the dirty nodes
   * of the newest version grow at most.
   */
  public long dirtyBalance() {
    return dirtyBalance;
  }

  void add(NodeReference reference) {
    if (reference.isDirty()) {
      dirtyBalance--;
    }
    if (reference.epoch() < epoch) {
      thisEpoch.add(reference);
    }
  }

  /** Where the open epoch stands, for {@link #backTo}. */
  public int mark() {
    return thisEpoch.size();
  }

  /** Forgets what was added since the mark, as when an update could not be finished. */
  public void backTo(int mark) {
    thisEpoch.subList(mark, thisEpoch.size()).clear();
  }

  /** Ends the epoch: the version of now may be written by a checkpoint. */
  public void endEpoch() {
    for (NodeReference reference : thisEpoch) {
      if (!reference.isDirty() || reference.epoch() <= checkpointEpoch) {
        pending.add(reference);
      }
    }
    thisEpoch.clear();
    epoch++;
  }

  /**
   * A checkpoint of the version at the end of the last epoch begins. Returns what it replaces; the
   * addresses are free once it is on disk. Call {@link #endEpoch} first, in the same critical
   * section.
   *
   * @param tree need not remember them any more; who still reads an older version reads from disk
   */
  public List<Long> beginCheckpoint(BTree tree) {
    List<Long> addresses = new ArrayList<>(pending.size());
    for (NodeReference reference : pending) {
      ChildPointer pointer = reference.pointer();
      if (pointer != null) {
        tree.forget(reference);
        addresses.add(pointer.block());
      }
    }
    pending.clear();
    checkpointEpoch = epoch - 1;
    return addresses;
  }
}
