/** The object store on a socket, as part of a daemon. */
@NullMarked
package org.telosfs.daemon.ipc;

import org.jspecify.annotations.NullMarked;
