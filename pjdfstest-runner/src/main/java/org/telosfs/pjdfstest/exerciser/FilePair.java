package org.telosfs.pjdfstest.exerciser;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Two files, empty at first, that are exercised; each is named by its number, 0 or 1. What the
 * system refuses is an {@link IOException} with its error; a count less than asked for is answered.
 */
interface FilePair extends Closeable {
  /** By which of its ways to a file's content the kernel is asked. */
  enum Access {
    PLAIN,
    VECTOR,
    DIRECT,
    MAPPED
  }

  /** Where empty files come from. */
  interface Source {
    FilePair make() throws IOException;
  }

  /** Into index 0; mapped only below the file's end, except in the page that has it. */
  int read(int file, Access access, int offset, ByteBuffer into, int bytes) throws IOException;

  /** From index 0; mapped only below the file's end. */
  int write(int file, Access access, int offset, ByteBuffer from, int bytes) throws IOException;

  /** At the file's end, wherever that is. */
  int append(int file, ByteBuffer from, int bytes) throws IOException;

  void syncMapping(int file) throws IOException;

  void unmap(int file) throws IOException;

  int sizeBytes(int file) throws IOException;

  void truncate(int file, int sizeBytes) throws IOException;

  /** Closes all that is open of a file, and opens it; maybe so that it is empty then. */
  void reopen(int file, boolean empty) throws IOException;

  /** By fallocate(2), whose modes these are. */
  void allocate(int file, int mode, int offset, int bytes) throws IOException;

  int copy(int file, int offset, int target, int targetOffset, int bytes) throws IOException;

  void cloneRange(int file, int offset, int target, int targetOffset, int bytes) throws IOException;

  void cloneWhole(int file, int target) throws IOException;

  /** Where the next data lie; -1 if there are none. */
  int seekData(int file, int offset) throws IOException;

  /** Where the next hole begins, or the file ends. */
  int seekHole(int file, int offset) throws IOException;

  /** Hands the system what only the kernel's caches have; nothing need be durable. */
  void writeBack(int file) throws IOException;

  void sync(int file, boolean dataOnly) throws IOException;

  /** Makes the kernel forget what it has cached of the content, if it can. */
  void dropCache(int file) throws IOException;
}
