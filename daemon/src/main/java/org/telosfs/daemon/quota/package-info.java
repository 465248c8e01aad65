/** Quotas of the POSIX tree, as requests of the control socket. */
@NullMarked
package org.telosfs.daemon.quota;

import org.jspecify.annotations.NullMarked;
