package org.telosfs.persistence;

import java.util.Optional;

/**
 * Figures of a store at one moment.
 *
 * @param newest the newest transaction
 * @param objects existing objects, the roots object included
 * @param revisions revisions of all objects, deletions included
 * @param transactions transactions that exist
 * @param segments files of the log
 * @param logBytes their bytes
 * @param indexBytes memory that the index takes
 * @param commits transactions committed since it was opened
 * @param syncs syncs they needed; fewer than commits where commits shared one
 * @param tornBytesCut bytes of an unfinished transaction that were found, and cut if opened for
 *     writing, when it was opened
 * @param writingEnded why nothing can be written; empty while it can
 */
public record StoreStats(
    TransactionId newest,
    long objects,
    long revisions,
    long transactions,
    int segments,
    long logBytes,
    long indexBytes,
    long commits,
    long syncs,
    long tornBytesCut,
    Optional<String> writingEnded) {}
