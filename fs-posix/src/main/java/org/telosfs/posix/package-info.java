/**
 * POSIX as short transactions on a volume. Start at {@link org.telosfs.posix.PosixFileSystem}.
 *
 * <p>An operation reads as: check, lock, transact. What it changes is committed to the volume at
 * once, without I/O; file data waits in memory. An <i>epoch</i> ends when all waiting data has been
 * given extents and the volume's open group is sealed, so that a crash shows a prefix of the
 * operations.
 *
 * <p>Lock order: {@code Epochs} (shared by operations, exclusive at an epoch's end), the rename
 * lock of directories, {@code InodeLocks} (ascending stripes), {@code InodeTable}'s map, the
 * volume's own. No lock is held over a callback.
 */
@NullMarked
package org.telosfs.posix;

import org.jspecify.annotations.NullMarked;
