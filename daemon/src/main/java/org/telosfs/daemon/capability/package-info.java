/**
 * Capabilities by request: granted, listed and revoked through the running daemon, or without one.
 */
@NullMarked
package org.telosfs.daemon.capability;

import org.jspecify.annotations.NullMarked;
