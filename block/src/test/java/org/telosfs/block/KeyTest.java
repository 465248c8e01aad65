package org.telosfs.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class KeyTest {
  private static Key key(int... bytes) {
    byte[] all = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      all[i] = (byte) bytes[i];
    }
    return Key.of(all);
  }

  @Test
  void ordersAsUnsignedBytes() {
    assertTrue(key(0x7F).compareTo(key(0x80)) < 0);
    assertTrue(key(1).compareTo(key(1, 0)) < 0);
    assertEquals(key(1, 2), key(1, 2));
  }

  @Test
  void endOfAPrefixIsTheLeastKeyAboveIt() {
    assertEquals(key(1, 3), key(1, 2).afterPrefix());
    assertEquals(key(2), key(1, 0xFF).afterPrefix());
    assertNull(key(0xFF, 0xFF).afterPrefix());
    assertTrue(key(1, 2, 3).startsWith(key(1, 2)));
    assertFalse(key(1).startsWith(key(1, 2)));
  }

  @Test
  void lengthIsBounded() {
    assertThrows(IllegalArgumentException.class, () -> Key.of());
    assertThrows(IllegalArgumentException.class, () -> Key.of(new byte[1025]));
  }

  @Test
  void checksumsSliceConcatAndRoundTrip() {
    BlockChecksums all = BlockChecksums.of(1, 2, 3, -4);
    assertEquals(all, all.slice(0, 1).concat(all.slice(1, 3)));
    ByteBuffer bytes = ByteBuffer.allocate(16);
    all.encode(bytes);
    assertEquals(all, BlockChecksums.decode(bytes.flip(), 4));
    assertThrows(IllegalArgumentException.class, () -> BlockChecksums.decode(bytes, 1));
    assertThrows(IllegalArgumentException.class, () -> all.slice(3, 2));
  }

  @Test
  void partOfAnExtentStaysInside() {
    DataExtent extent = new DataExtent(100, 10, 1);
    assertEquals(new DataExtent(103, 7, 1), extent.part(3, 7));
    assertThrows(IllegalArgumentException.class, () -> extent.part(3, 8));
  }
}
