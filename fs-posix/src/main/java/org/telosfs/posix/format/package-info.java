/**
 * The filesystem's records and keys in the volume's map: bytes to values and back, without I/O and
 * without locks. {@link org.telosfs.posix.format.PosixKeys} is the one owner of key layouts.
 *
 * <p>Versioning: the header says version and features; a record begins with its own version byte,
 * which rises when the layout changes, and old versions stay readable.
 */
@NullMarked
package org.telosfs.posix.format;

import org.jspecify.annotations.NullMarked;
