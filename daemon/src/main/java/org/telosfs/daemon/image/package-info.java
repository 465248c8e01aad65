/**
 * Objects as JSON, for the {@code image} commands: {@link org.telosfs.daemon.image.ObjectJson} maps
 * states to JSON and back, {@link org.telosfs.daemon.image.ImageService} answers requests from an
 * object store, in the daemon as in a command that opened the store itself.
 */
@NullMarked
package org.telosfs.daemon.image;

import org.jspecify.annotations.NullMarked;
