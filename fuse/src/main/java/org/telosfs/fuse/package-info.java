/** FUSE. */
@org.jspecify.annotations.NullMarked
package org.telosfs.fuse;
