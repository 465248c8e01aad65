/**
 * A small real client of the object store: {@link org.telosfs.daemon.demo.Garden} commits a few
 * objects every second, so that the image shows something alive. It uses the store's public
 * interface and nothing else.
 */
@NullMarked
package org.telosfs.daemon.demo;

import org.jspecify.annotations.NullMarked;
