/**
 * A filesystem by inode number. Start at {@link org.telosfs.vfs.VirtualFileSystem}.
 *
 * <p>Identity is an {@linkplain org.telosfs.vfs.InodeNumber inode number}, never a path: a path can
 * express neither hard links nor files that are open but unlinked. Names are {@linkplain
 * org.telosfs.vfs.FileName bytes}, never strings.
 *
 * <p>A refusal is an {@link org.telosfs.vfs.FsException} with a Linux {@link
 * org.telosfs.vfs.Errno}; anything else that is thrown is a bug, which a transport turns into EIO.
 *
 * <p>Every implementation may be called from many threads at once. Nothing here does I/O.
 */
@NullMarked
package org.telosfs.vfs;

import org.jspecify.annotations.NullMarked;
