/**
 * Mounts through {@code /dev/fuse}. Start at {@link org.telosfs.fuse.kernel.KernelTransport}.
 *
 * <p>The only package on the default path that calls native code, all of it in {@link
 * org.telosfs.fuse.kernel.NativeCalls}: plain system calls with numbers for arguments, and no
 * upcalls. As root we mount by mount(2), as an ordinary user by {@code fusermount3}, which passes
 * the opened device to us over a socket.
 */
@NullMarked
package org.telosfs.fuse.kernel;

import org.jspecify.annotations.NullMarked;
