/** The object store. */
@org.jspecify.annotations.NullMarked
package org.telosfs.persistence;
