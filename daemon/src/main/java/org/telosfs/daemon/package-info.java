/**
 * The running TelosFS: start at {@link org.telosfs.daemon.Main}, which hands the arguments to the
 * commands of {@code daemon.cli}, then at {@link org.telosfs.daemon.Daemon}, the only place that
 * makes long-lived parts.
 *
 * <p>What lies in a store is {@link org.telosfs.daemon.StoreLayout}; who may use it is {@link
 * org.telosfs.daemon.StoreLock}. An end is the same whatever asks for it (a signal, {@code telosfs
 * umount}, umount(8) of the last mount): the mounts go, then the trees are flushed and closed, then
 * the lock is given back.
 *
 * <p>Failures reach the user through {@link org.telosfs.daemon.Failure}: one line and an {@link
 * org.telosfs.daemon.ExitCode}; a stack trace goes to the log alone.
 */
@NullMarked
package org.telosfs.daemon;

import org.jspecify.annotations.NullMarked;
