/** POSIX on a volume. */
@org.jspecify.annotations.NullMarked
package org.telosfs.posix;
