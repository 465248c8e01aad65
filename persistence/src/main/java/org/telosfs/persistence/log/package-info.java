/**
 * The log: numbered segments, each a header and then whole transactions. Start at {@link
 * org.telosfs.persistence.log.LogRecovery}, which opens one, and {@link
 * org.telosfs.persistence.log.SegmentedLog}, which grows it; {@code docs/formats/object-log.md}
 * describes the bytes.
 *
 * <p>A transaction exists when its commit record is durable. What follows the last commit record,
 * and was never reported durable, is a torn tail: normal after a crash, and cut when the log is
 * opened for writing. Anything else that is not as it was written is damage, and an error that says
 * where. {@link org.telosfs.persistence.log.SegmentScan} tells the two apart.
 *
 * <p>One thread appends; any number read. Only {@code org.telosfs.persistence} and {@code .index}
 * use this package.
 */
@NullMarked
package org.telosfs.persistence.log;

import org.jspecify.annotations.NullMarked;
