/**
 * The seam under the log: a flat directory of files that are appended to, read at any place,
 * renamed and deleted. {@link org.telosfs.persistence.storage.HostStorageDirectory} is a directory
 * of this machine, {@link org.telosfs.persistence.storage.MemoryStorageDirectory} forgets all at
 * the end.
 */
@NullMarked
package org.telosfs.persistence.storage;

import org.jspecify.annotations.NullMarked;
