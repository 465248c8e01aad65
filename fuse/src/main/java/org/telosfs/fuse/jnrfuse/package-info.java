/**
 * The same tree through jnr-fuse on libfuse 2, for hosts where the kernel transport cannot mount.
 * Start at {@link org.telosfs.fuse.jnrfuse.JnrFuseTransport}.
 *
 * <p>libfuse's high-level interface names everything by path. {@link
 * org.telosfs.fuse.jnrfuse.PathResolver} turns each path into an inode for the time of one call; an
 * open file keeps its inode in {@code fi->fh}. No lock is held while a tree works.
 */
@NullMarked
package org.telosfs.fuse.jnrfuse;

import org.jspecify.annotations.NullMarked;
