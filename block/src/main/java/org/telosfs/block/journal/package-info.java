/**
 * The journal: a ring of groups, each an atomic unit of what transactions changed. Start at {@link
 * org.telosfs.block.journal.Journal}.
 *
 * <p>A group is whole when its header, all its records and the COMMIT that ends it carry right
 * checksums, and it counts when its era is the superblock's and its sequence follows the one before
 * without a gap. A new era begins whenever a volume is opened, so that nothing an earlier lap or an
 * earlier run of the program left in the ring is ever taken for a group.
 *
 * <p>Whoever waits for a group first takes the writer's lock and does the work for all who wait:
 * flush the data the groups point to, write the groups, flush.
 */
@NullMarked
package org.telosfs.block.journal;

import org.jspecify.annotations.NullMarked;
