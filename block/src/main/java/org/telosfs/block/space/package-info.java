/**
 * Which blocks are free. {@link org.telosfs.block.space.SpaceMap} is what is free now, in memory;
 * {@link org.telosfs.block.space.SpaceTree} is what was free at the last checkpoint, on disk.
 * Blocks that a transaction frees pass through {@link org.telosfs.block.space.DeferredFrees} first:
 * nobody may reuse them before the transaction is durable.
 */
@NullMarked
package org.telosfs.block.space;

import org.jspecify.annotations.NullMarked;
