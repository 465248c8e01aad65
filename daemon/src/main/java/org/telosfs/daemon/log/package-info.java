/**
 * Where {@link System.Logger} leads to: the daemon's log file, or standard error for warnings as
 * long as there is none. A finder of our own rather than java.util.logging, whose shutdown hook
 * would silence the log just while the daemon flushes and ends.
 */
@NullMarked
package org.telosfs.daemon.log;

import org.jspecify.annotations.NullMarked;
