package org.telosfs.posix;

import org.jspecify.annotations.Nullable;
import org.telosfs.block.volume.VolumeStats;

/**
 * The filesystem in numbers.
 *
 * @param volume below it
 * @param liveInodes in use, or known to the kernel
 * @param readOnlyReason why nothing can be changed; null if it can
 */
public record PosixStats(VolumeStats volume, int liveInodes, @Nullable String readOnlyReason) {}
