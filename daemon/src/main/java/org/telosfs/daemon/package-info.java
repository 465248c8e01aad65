/** The daemon. */
@org.jspecify.annotations.NullMarked
package org.telosfs.daemon;
