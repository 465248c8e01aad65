/**
 * Block devices, and the words that a volume and its owner share.
 *
 * <p>A {@link org.telosfs.block.BlockDevice} is read and written at byte offsets in whole sectors.
 * What is written is volatile until {@code flush} returns: until then a power loss may keep, drop
 * or tear each write, in any order. A volume on a device is in {@code org.telosfs.block.volume}.
 */
@NullMarked
package org.telosfs.block;

import org.jspecify.annotations.NullMarked;
