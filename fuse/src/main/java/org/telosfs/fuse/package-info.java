/**
 * Serves a {@link org.telosfs.vfs.VirtualFileSystem} to the kernel. A user starts at {@link
 * org.telosfs.fuse.FuseTransport}; a reader of the code at {@link org.telosfs.fuse.FuseSession}.
 *
 * <p><b>Threads.</b> One thread reads requests, answers each itself and reads on. A request whose
 * handler waits must not hold the others up: then, and only then, {@link
 * org.telosfs.fuse.ReaderPool} lets a second thread read, and so on; as long as nobody waits one
 * thread does it all, which measured faster than two. {@link org.telosfs.fuse.KernelNotifier} has a
 * thread of its own. No lock is held while the tree is called.
 *
 * <p><b>Failures.</b> A refusal of the tree becomes the caller's errno, anything else EIO and one
 * line in the log, both in {@link org.telosfs.fuse.ErrnoTranslation} and nowhere else. The session
 * lives on.
 *
 * <p><b>Zero-message open.</b> Where the tree's open keeps no state ({@code
 * FileSystemTraits.statelessOpen}) open, opendir and create are answered ENOSYS. The kernel asks
 * once and from then on opens by itself, believes what it has cached, and makes files by MKNOD; no
 * release arrives.
 */
@NullMarked
package org.telosfs.fuse;

import org.jspecify.annotations.NullMarked;
