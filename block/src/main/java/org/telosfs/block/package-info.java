/** Block devices. */
@org.jspecify.annotations.NullMarked
package org.telosfs.block;
