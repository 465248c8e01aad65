package org.telosfs.vfs.memory;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Memory for whole chunks, outside the heap, where the garbage collector does not copy them. What
 * was taken once stays for the next chunk. Safe for any number of threads.
 */
final class ChunkPool {
  /** So many chunks are taken from the system at once. */
  private static final int CHUNKS_PER_SLAB = 16;

  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();

  /** Bytes of a chunk, of any content; null if there is no memory outside the heap any more. */
  synchronized @Nullable ByteBuffer take() {
    if (free.isEmpty() && !addSlab()) {
      return null;
    }
    return free.pop();
  }

  /** Nobody uses them any more. */
  synchronized void giveBack(ByteBuffer chunk) {
    free.push(chunk);
  }

  private boolean addSlab() {
    ByteBuffer slab;
    try {
      slab = ByteBuffer.allocateDirect(CHUNKS_PER_SLAB * Chunk.CHUNK_BYTES);
    } catch (OutOfMemoryError full) { // the limit of -XX:MaxDirectMemorySize
      return false;
    }
    for (int i = 0; i < CHUNKS_PER_SLAB; i++) {
      free.push(slab.slice(i * Chunk.CHUNK_BYTES, Chunk.CHUNK_BYTES));
    }
    return true;
  }
}
