/**
 * The FUSE protocol as bytes: no threads, no I/O, no tree. Start at {@link
 * org.telosfs.fuse.wire.RequestView} for what arrives and {@link org.telosfs.fuse.wire.ReplyWriter}
 * for what goes back.
 *
 * <p>All of it is read and written in place, with absolute gets and puts, in buffers that one
 * thread owns and uses again for its next request: no object is made for a request. The integers
 * are in the machine's byte order, as the kernel's are.
 *
 * <p>We speak ABI 7.{@value org.telosfs.fuse.wire.FuseWire#MINOR}, the newest of which we know
 * every message; from 7.23 on no later minor has changed a layout that an earlier one had, so we
 * answer any kernel from 7.{@value org.telosfs.fuse.wire.FuseWire#LEAST_MINOR} (Linux 5.4) on. A
 * newer feature is a flag in INIT ({@link org.telosfs.fuse.wire.InitFlag}), never a guess from the
 * minor number.
 */
@NullMarked
package org.telosfs.fuse.wire;

import org.jspecify.annotations.NullMarked;
