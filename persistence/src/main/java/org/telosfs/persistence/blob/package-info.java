/**
 * Blobs: large immutable data in files of their own, written first and linked by a transaction
 * later. {@code docs/formats/blob.md} describes the files.
 *
 * <p>A blob is written under a name without meaning and synced. When the transaction that links it
 * is about to be appended to the log, the file gets its name, made of object and transaction, and
 * the directory is synced. So a transaction in the log never links a file that is not there, and a
 * file whose transaction is not in the log is an orphan.
 */
@NullMarked
package org.telosfs.persistence.blob;

import org.jspecify.annotations.NullMarked;
