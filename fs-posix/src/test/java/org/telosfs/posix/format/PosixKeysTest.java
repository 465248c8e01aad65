package org.telosfs.posix.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.XattrName;

class PosixKeysTest {
  private static String hex(byte[] key) {
    return HexFormat.of().formatHex(key);
  }

  /** Written once: a change of any of these is another format. */
  @Test
  void keysAreAsTheyAlwaysWere() {
    assertEquals("01", hex(PosixKeys.header()));
    assertEquals("020000000000000005", hex(PosixKeys.inode(5)));
    assertEquals(
        "030000000000000005" + hex(hash("name")),
        hex(PosixKeys.entryByHash(5, FileName.of("name"))));
    assertEquals("0400000000000000050000000000000007", hex(PosixKeys.entryByCookie(5, 7)));
    assertEquals("0500000000000000050000000000000200", hex(PosixKeys.extent(5, 512)));
    assertEquals(
        "060000000000000005" + "06" + "757365722e78" + "0003",
        hex(PosixKeys.xattr(5, XattrName.of("user.x"), 3)));
    assertEquals("070000000000000005", hex(PosixKeys.orphan(5)));
    assertEquals("080000000000000005", hex(PosixKeys.symlink(5)));
  }

  private static byte[] hash(String name) {
    return java.nio.ByteBuffer.allocate(Long.BYTES).putLong(NameHash.of(FileName.of(name))).array();
  }

  @Test
  void hashIsAsItAlwaysWas() {
    assertEquals("e3069283", hex(hash("123456789")).substring(0, 8), "CRC32C's check value");
  }

  @Test
  void keysOfOneInodeLieTogetherAndCountUp() {
    List<byte[]> ascending =
        List.of(
            PosixKeys.extent(5, 0),
            PosixKeys.extent(5, 255),
            PosixKeys.extent(5, 256),
            PosixKeys.extent(5, Long.MAX_VALUE),
            PosixKeys.extent(6, 0));
    for (int i = 1; i < ascending.size(); i++) {
      assertTrue(Arrays.compareUnsigned(ascending.get(i - 1), ascending.get(i)) < 0);
    }
  }

  @Test
  void endLiesBehindAllOfAFamily() {
    byte[] last = PosixKeys.extent(5, Long.MAX_VALUE);
    assertTrue(Arrays.compareUnsigned(last, PosixKeys.end(KeyFamily.EXTENT, 5)) < 0);
    assertTrue(
        Arrays.compareUnsigned(PosixKeys.extent(6, 0), PosixKeys.end(KeyFamily.EXTENT, 5)) > 0);
    assertTrue(Arrays.compareUnsigned(last, PosixKeys.end(KeyFamily.EXTENT)) < 0);
  }

  @Test
  void whatAKeyNamesIsReadBack() throws PosixFormatException {
    byte[] key = PosixKeys.entryByCookie(5, 7);
    assertEquals(5, PosixKeys.inodeOf(key));
    assertEquals(7, PosixKeys.secondOf(key));
    assertTrue(PosixKeys.isOf(key, KeyFamily.ENTRY_BY_COOKIE, 5));
    assertFalse(PosixKeys.isOf(key, KeyFamily.ENTRY_BY_COOKIE, 6));
    assertFalse(PosixKeys.isOf(key, KeyFamily.EXTENT, 5));
    XattrName name = XattrName.of("user." + "x".repeat(250));
    byte[] xattr = PosixKeys.xattr(5, name, 21);
    assertEquals(name, PosixKeys.xattrNameOf(xattr));
    assertEquals(21, PosixKeys.xattrPieceOf(xattr));
  }

  @Test
  void damagedAttributeKeyIsRefused() {
    byte[] key = PosixKeys.xattr(5, XattrName.of("user.x"), 0);
    assertThrows(PosixFormatException.class, () -> PosixKeys.xattrNameOf(Arrays.copyOf(key, 10)));
    byte[] otherLength = key.clone();
    otherLength[9]++;
    assertThrows(PosixFormatException.class, () -> PosixKeys.xattrNameOf(otherLength));
  }

  @Test
  void everyFamilyHasItsOwnCode() {
    for (KeyFamily family : KeyFamily.values()) {
      assertEquals(family, KeyFamily.of(family.code()));
      assertArrayEquals(new byte[] {family.code()}, PosixKeys.first(family));
    }
    assertEquals(null, KeyFamily.of((byte) 0));
  }
}
