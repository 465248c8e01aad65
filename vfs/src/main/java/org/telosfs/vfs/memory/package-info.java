/**
 * A tree held in memory: the oracle of the random-operation tests, and a mountable scratch tree.
 * Start at {@link org.telosfs.vfs.memory.MemoryFileSystem}.
 *
 * <p>Lock order: the rename lock (for renames from one directory to another), then nodes in the
 * order of their locks, each lock at most once, as several nodes share one. No lock is held while a
 * sink is called; a borrower of content is called under the lock of the node whose content it is.
 */
@NullMarked
package org.telosfs.vfs.memory;

import org.jspecify.annotations.NullMarked;
