package org.telosfs.fuse.wire;

/**
 * What we answer INIT.
 *
 * @param flags as {@link InitFlag#mask} has them
 * @param maxWriteBytes largest WRITE
 * @param maxPages largest request in pages
 * @param maxBackground read-ahead and asynchronous requests at once
 * @param congestionThreshold from how many of them on the kernel holds back
 */
public record InitAnswer(
    int minor,
    int maxReadaheadBytes,
    long flags,
    int maxWriteBytes,
    int maxPages,
    int maxBackground,
    int congestionThreshold) {}
