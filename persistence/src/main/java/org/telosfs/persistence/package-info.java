/**
 * A transactional store of objects. Start at {@link ObjectStore}; {@link LocalObjectStore} is the
 * one that owns a directory.
 *
 * <p>An object is a number ({@link ObjectId}) and a sequence of {@link Revision}s, one for each
 * transaction that changed it. The store knows an object's bytes and its outgoing references and
 * never looks into the bytes; what they mean is the concern of {@code
 * org.telosfs.persistence.object}.
 *
 * <ul>
 *   <li><b>Snapshots.</b> Who reads sees one committed state, fixed when the snapshot was taken.
 *       Readers wait for no commit and no commit waits for readers.
 *   <li><b>Commits.</b> A transaction is atomic, and durable when {@link StoreTransaction#commit}
 *       returns {@link CommitOutcome.Committed}. The first of two transactions that change one
 *       object wins, the other is told so as a value: {@link CommitOutcome.Conflicted}.
 *   <li><b>Failures.</b> What the medium refuses is an {@link java.io.IOException}, mostly a {@link
 *       StoreException}. After a failed sync nothing is written any more, since nobody can know
 *       what the medium holds; reading goes on.
 * </ul>
 *
 * <p>Threads: stores and snapshots may be used by any number of threads, a transaction by one at a
 * time. One thread of a store checks, appends, syncs and publishes, so a commit needs no lock but
 * that of its queue and, for a moment, that of the object index; neither is held over a sync, a log
 * read or a listener, and they are never held together.
 */
@NullMarked
package org.telosfs.persistence;

import org.jspecify.annotations.NullMarked;
