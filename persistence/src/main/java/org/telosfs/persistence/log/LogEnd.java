package org.telosfs.persistence.log;

import org.telosfs.persistence.ByteString;

/**
 * A place between two transactions.
 *
 * @param segment the segment's number
 * @param offsetBytes where in it the next transaction starts
 * @param chain the chain value of all before
 */
public record LogEnd(int segment, long offsetBytes, ByteString chain) {}
