/**
 * Checks a store without changing it: {@link org.telosfs.daemon.check.StoreCheck} looks at the
 * volume, at the filesystem on it and at the object log.
 */
@NullMarked
package org.telosfs.daemon.check;

import org.jspecify.annotations.NullMarked;
