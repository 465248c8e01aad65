package org.telosfs.daemon;

import java.nio.file.Path;
import org.telosfs.vfs.VirtualFileSystem;

/**
 * A tree and where it is to be mounted.
 *
 * @param name {@code posix}, {@code image} or {@code memory}
 */
record ServedTree(String name, VirtualFileSystem tree, Path where) {}
