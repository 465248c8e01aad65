package org.telosfs.block.tree;

import org.jspecify.annotations.Nullable;

/** One version of a tree; immutable, held by whoever reads it. */
public final class TreeRoot {
  private final NodeReference reference;

  TreeRoot(NodeReference reference) {
    this.reference = reference;
  }

  /** The version that a checkpoint left on disk. */
  public static TreeRoot onDisk(ChildPointer pointer) {
    return new TreeRoot(NodeReference.onDisk(pointer));
  }

  /** A tree without entries; dirty, so that the first write-out gives it an address. */
  public static TreeRoot empty() {
    return new TreeRoot(NodeReference.dirty(LooseLeaf.EMPTY, 0));
  }

  /** Where it lies on disk; null as long as it, or anything below it, is in memory alone. */
  public @Nullable ChildPointer pointer() {
    return reference.pointer();
  }

  NodeReference reference() {
    return reference;
  }
}
