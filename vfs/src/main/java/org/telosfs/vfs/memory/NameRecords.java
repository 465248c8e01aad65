package org.telosfs.vfs.memory;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FsException;

/**
 * The names of all directories, outside the heap, each in a record as short as it fits: what it
 * leads to, its cookie, the next name of its hash bucket, and its bytes. Taking and giving back are
 * safe for any number of threads; a name itself is guarded by the lock of its directory.
 */
final class NameRecords {
  private static final int NEXT = 0;
  private static final int NODE = 4;
  private static final int COOKIE = 8;
  private static final int LENGTH = 16;
  private static final int BYTES = 17;

  /** Room for names of 15, 31, 63, 127 and 255 bytes. */
  private static final int[] RECORD_BYTES = {32, 48, 80, 144, 272};

  private static final int CLASS_BITS = 3;
  private static final int MOST_RECORDS = 1 << (Integer.SIZE - 1 - CLASS_BITS);

  /** 2^61 - 1, a prime. */
  private static final long PRIME = (1L << 61) - 1;

  private final RecordPool[] pools = new RecordPool[RECORD_BYTES.length];

  /**
   * Where the polynomial of a name's bytes is evaluated. Nobody knows it, so nobody can choose
   * names that share a bucket: two of them do with a chance of their length to the prime.
   */
  private final long hashKey = 256 + (new SecureRandom().nextLong() >>> 4);

  NameRecords(Slabs source) {
    for (int i = 0; i < pools.length; i++) {
      pools[i] = new RecordPool(RECORD_BYTES[i], source);
    }
  }

  /**
   * A record with the name; all else in it is for the caller to set.
   *
   * @throws FsException ENOSPC if there is no memory outside the heap any more
   */
  int take(FileName name) throws FsException {
    int size = 0;
    while (RECORD_BYTES[size] < BYTES + name.length()) {
      size++;
    }
    RecordPool pool = pools[size];
    int record = pool.take();
    if (record >= MOST_RECORDS) {
      pool.giveBack(record);
      throw new FsException(Errno.ENOSPC, "too many names");
    }
    ByteBuffer slab = pool.slabOf(record);
    int at = pool.offsetOf(record);
    slab.put(at + LENGTH, (byte) name.length());
    for (int i = 0; i < name.length(); i++) {
      slab.put(at + BYTES + i, name.byteAt(i));
    }
    return (record << CLASS_BITS) | size;
  }

  void giveBack(int name) {
    poolOf(name).giveBack(recordOf(name));
  }

  /** The next name in the same bucket, or 0. */
  int next(int name) {
    return poolOf(name).getInt(recordOf(name), NEXT);
  }

  void setNext(int name, int next) {
    poolOf(name).putInt(recordOf(name), NEXT, next);
  }

  /** The record of the node that the name leads to. */
  int node(int name) {
    return poolOf(name).getInt(recordOf(name), NODE);
  }

  void setNode(int name, int node) {
    poolOf(name).putInt(recordOf(name), NODE, node);
  }

  long cookie(int name) {
    return poolOf(name).getLong(recordOf(name), COOKIE);
  }

  void setCookie(int name, long cookie) {
    poolOf(name).putLong(recordOf(name), COOKIE, cookie);
  }

  FileName toFileName(int name) {
    ByteBuffer slab = slabOf(name);
    int at = offsetOf(name);
    return FileName.copyOf(slab, at + BYTES, Byte.toUnsignedInt(slab.get(at + LENGTH)));
  }

  boolean equals(int name, FileName other) {
    ByteBuffer slab = slabOf(name);
    int at = offsetOf(name);
    if (slab.get(at + LENGTH) != (byte) other.length()) {
      return false;
    }
    for (int i = 0; i < other.length(); i++) {
      if (slab.get(at + BYTES + i) != other.byteAt(i)) {
        return false;
      }
    }
    return true;
  }

  long hash(FileName name) {
    long hash = 0;
    for (int i = 0; i < name.length(); i++) {
      hash = step(hash, name.byteAt(i));
    }
    return mixed(hash);
  }

  long hash(int name) {
    ByteBuffer slab = slabOf(name);
    int at = offsetOf(name);
    int length = Byte.toUnsignedInt(slab.get(at + LENGTH));
    long hash = 0;
    for (int i = 0; i < length; i++) {
      hash = step(hash, slab.get(at + BYTES + i));
    }
    return mixed(hash);
  }

  /** {@code (hash * key + byte + 1) mod PRIME}, or that and PRIME once more. */
  private long step(long hash, byte next) {
    long low = hash * hashKey;
    long high = Math.multiplyHigh(hash, hashKey);
    long sum = (low & PRIME) + ((high << 3) | (low >>> 61)) + Byte.toUnsignedInt(next) + 1;
    return (sum & PRIME) + (sum >>> 61);
  }

  /** Spreads the value over the low bits, which choose the bucket. */
  private static long mixed(long hash) {
    long value = hash >= PRIME ? hash - PRIME : hash;
    value *= 0x9E3779B97F4A7C15L;
    return value ^ (value >>> 32);
  }

  private ByteBuffer slabOf(int name) {
    return poolOf(name).slabOf(recordOf(name));
  }

  private int offsetOf(int name) {
    return poolOf(name).offsetOf(recordOf(name));
  }

  private RecordPool poolOf(int name) {
    return pools[name & ((1 << CLASS_BITS) - 1)];
  }

  private static int recordOf(int name) {
    return name >>> CLASS_BITS;
  }
}
