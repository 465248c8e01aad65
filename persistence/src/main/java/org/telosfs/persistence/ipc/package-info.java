/**
 * The object store over a Unix-domain socket. Start at {@link IpcServer} and {@link
 * RemoteObjectStore}; {@code docs/protocols/ipc.md} says what passes between them.
 *
 * <p>Bytes are turned into values and back by {@link MessageCodec} alone, which knows no socket.
 * {@link FrameReader} and {@link FrameWriter} move whole frames and know no message.
 *
 * <ul>
 *   <li><b>Server.</b> One thread accepts, one thread a connection reads requests and answers them
 *       in order; commits alone are answered by whichever thread commits, since a commit waits for
 *       listeners, which may be clients. That is the connection's thread where the client seems to
 *       wait for nothing else ({@link Habit}). A watchdog closes the connection of whoever lets a
 *       deadline pass, which ends the thread that waits for him.
 *   <li><b>Client.</b> Any number of threads share a connection. Whoever waits for an answer and
 *       finds nobody reading, reads, also for the others.
 * </ul>
 *
 * <p>Locks: a connection's writing lock is held for the writing of whole frames and nothing else is
 * locked under it.
 */
@NullMarked
package org.telosfs.persistence.ipc;

import org.jspecify.annotations.NullMarked;
