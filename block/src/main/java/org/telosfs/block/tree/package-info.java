/**
 * A copy-on-write B+tree of byte strings: in memory, on disk, and between. Start at {@link
 * org.telosfs.block.tree.BTree}.
 *
 * <p>A version of the tree is a {@link org.telosfs.block.tree.TreeRoot}. An update makes a new
 * version that shares all untouched nodes with the old one; whoever holds a root keeps reading it
 * undisturbed, and no reader takes a lock. New nodes have no address and live in memory until
 * {@link org.telosfs.block.tree.TreeWriteOut} gives them one; nodes that have one are clean, and
 * {@link org.telosfs.block.tree.NodeCache} may drop them from memory at any time.
 *
 * <p>One thread at a time updates; any number read.
 */
@NullMarked
package org.telosfs.block.tree;

import org.jspecify.annotations.NullMarked;
