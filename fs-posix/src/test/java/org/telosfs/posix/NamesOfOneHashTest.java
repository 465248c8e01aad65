package org.telosfs.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.telosfs.block.MemoryBlockDevice;
import org.telosfs.posix.format.NameHash;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.FileType;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.ManualClock;

/** Names made to collide: each is found, and too many are refused before they do not fit. */
class NamesOfOneHashTest {
  private static final int CRC32C_REFLECTED = 0x82F63B78;
  private static final int FNV_OFFSET = 0x811C9DC5;
  private static final int FNV_PRIME = 0x01000193;
  private static final int FREE_BYTES = 4;
  private static final int PAIRS = 8;

  private final int[] table = new int[256];
  private final int[] byTopByte = new int[256];
  private final Random random = new Random(1);

  NamesOfOneHashTest() {
    for (int i = 0; i < table.length; i++) {
      int crc = i;
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ CRC32C_REFLECTED;
      }
      table[i] = crc;
      byTopByte[crc >>> 24] = i;
    }
  }

  private int crc(int state, byte[] bytes) {
    int crc = state;
    for (byte b : bytes) {
      crc = crc >>> 8 ^ table[(crc ^ b) & 0xFF];
    }
    return crc;
  }

  private static int fnv(int state, byte[] bytes) {
    int fnv = state;
    for (byte b : bytes) {
      fnv = (fnv ^ (b & 0xFF)) * FNV_PRIME;
    }
    return fnv;
  }

  /** Random bytes and four more that bring the CRC's state from one value to another. */
  private byte[] piece(int from, int to) {
    byte[] bytes = new byte[FREE_BYTES + Integer.BYTES];
    byte[] free = new byte[FREE_BYTES];
    random.nextBytes(free);
    System.arraycopy(free, 0, bytes, 0, FREE_BYTES);
    int needed = to;
    for (int i = 0; i < Integer.BYTES; i++) {
      int index = byTopByte[needed >>> 24];
      needed = (needed ^ table[index]) << 8 | index;
    }
    needed ^= crc(from, free);
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[FREE_BYTES + i] = (byte) (needed >>> i * Byte.SIZE);
    }
    return bytes;
  }

  /** 2^pairs names of one hash: each piece in one of two forms that lead to the same state. */
  private List<FileName> names() throws FsException {
    List<byte[][]> pairs = new ArrayList<>();
    int crc = -1;
    int fnv = FNV_OFFSET;
    while (pairs.size() < PAIRS) {
      int next = random.nextInt();
      Map<Integer, byte[]> seen = new HashMap<>();
      byte[][] pair = null;
      while (pair == null) {
        byte[] piece = piece(crc, next);
        if (!isName(piece)) {
          continue;
        }
        byte[] other = seen.put(fnv(fnv, piece), piece);
        pair = other == null || Arrays.equals(other, piece) ? null : new byte[][] {other, piece};
      }
      pairs.add(pair);
      crc = next;
      fnv = fnv(fnv, pair[0]);
    }
    List<FileName> names = new ArrayList<>();
    for (int choice = 0; choice < 1 << PAIRS; choice++) {
      ByteArrayOutputStream name = new ByteArrayOutputStream();
      for (int i = 0; i < PAIRS; i++) {
        name.writeBytes(pairs.get(i)[choice >> i & 1]);
      }
      names.add(FileName.of(name.toByteArray()));
    }
    return names;
  }

  private static boolean isName(byte[] bytes) {
    for (byte b : bytes) {
      if (b == 0 || b == '/') {
        return false;
      }
    }
    return true;
  }

  @Test
  void eachIsFoundAndTooManyAreRefused() throws FsException, IOException {
    List<FileName> names = names();
    assertEquals(1, names.stream().mapToLong(NameHash::of).distinct().count());
    assertEquals(names.size(), names.stream().distinct().count());
    ManualClock clock = new ManualClock();
    try (PosixFileSystem tree = PosixFixture.fresh(new MemoryBlockDevice(4096, 8192), clock)) {
      List<FileName> made = new ArrayList<>();
      FsException refusal =
          assertThrows(
              FsException.class,
              () -> {
                for (FileName name : names) {
                  tree.mknod(Caller.ROOT, InodeNumber.ROOT, name, FileType.REGULAR, 0644, 0);
                  made.add(name);
                }
              });
      assertEquals(Errno.ENOSPC, refusal.errno());
      assertTrue(made.size() > 20, made.size() + " names");
      for (FileName name : made) {
        tree.lookup(Caller.ROOT, InodeNumber.ROOT, name);
        tree.unlink(Caller.ROOT, InodeNumber.ROOT, name);
      }
      tree.mknod(Caller.ROOT, InodeNumber.ROOT, names.get(99), FileType.REGULAR, 0644, 0);
    }
  }
}
