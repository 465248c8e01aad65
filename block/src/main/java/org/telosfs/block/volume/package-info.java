/**
 * A volume: one ordered transactional map and extents of data blocks, on a block device. Start at
 * {@link org.telosfs.block.volume.Volume}.
 *
 * <p>Transactions that commit become visible at once and gather in the open <i>group</i>. {@code
 * seal()} closes it: a sealed group is one atomic unit of the journal. After a crash the volume
 * holds exactly a prefix of the sealed groups, at least the last one that was durable; what was not
 * sealed is lost whole.
 *
 * <p>Order of locks: the volume's commit lock, then the space ledger, then the space map. The
 * checkpoint lock comes before all of them, the journal's writer lock between it and the commit
 * lock. None is held while a caller's code runs.
 *
 * <p>The first failed write or flush of journal, node or superblock ends writing ({@link
 * org.telosfs.block.volume.VolumeFailedException} names it); a failed write of data fails only its
 * caller. Reads go on in any case.
 */
@NullMarked
package org.telosfs.block.volume;

import org.jspecify.annotations.NullMarked;
