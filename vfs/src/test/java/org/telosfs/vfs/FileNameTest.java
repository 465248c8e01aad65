package org.telosfs.vfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FileNameTest {
  private static void refused(Errno expected, byte[] bytes) {
    FsException refusal = assertThrows(FsException.class, () -> FileName.of(bytes));
    assertEquals(expected, refusal.errno());
  }

  @Test
  void acceptsInvalidUtf8() throws FsException {
    byte[] bytes = {(byte) 0xc3, 0x28, (byte) 0xff};
    assertArrayEquals(bytes, FileName.of(bytes).toBytes());
    assertEquals(FileName.of(bytes), FileName.of(bytes.clone()));
  }

  @Test
  void invalidBytesStayDistinct() throws FsException {
    FileName one = FileName.of(new byte[] {(byte) 0xff});
    FileName other = FileName.of(new byte[] {(byte) 0xfe});
    assertEquals(one.toString(), other.toString());
    assertNotEquals(one, other);
  }

  @Test
  void lengthHasBounds() throws FsException {
    refused(Errno.ENOENT, new byte[0]);
    byte[] longest =
        "n".repeat(FileName.MAX_BYTES).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertEquals(FileName.MAX_BYTES, FileName.of(longest).length());
    refused(Errno.ENAMETOOLONG, java.util.Arrays.copyOf(longest, 256));
  }

  @Test
  void lengthCountsBytes() {
    assertEquals(254, FileName.of("ä".repeat(127)).length());
    assertThrows(IllegalArgumentException.class, () -> FileName.of("ä".repeat(128)));
  }

  @Test
  void separatorsAreRefused() {
    refused(Errno.EINVAL, new byte[] {'a', '/', 'b'});
    refused(Errno.EINVAL, new byte[] {'a', 0});
  }

  @Test
  void bytesAreCopied() throws FsException {
    byte[] bytes = {'a', 'b'};
    FileName name = FileName.of(bytes);
    bytes[0] = 'x';
    name.toBytes()[1] = 'y';
    assertEquals(FileName.of("ab"), name);
  }

  @Test
  void ordersAsUnsignedBytes() throws FsException {
    FileName high = FileName.of(new byte[] {(byte) 0x80});
    assertTrue(FileName.of("z").compareTo(high) < 0);
    assertTrue(FileName.of("a").compareTo(FileName.of("ab")) < 0);
  }

  @Test
  void onlyDotsAreDots() {
    assertTrue(FileName.DOT.isDots() && FileName.DOT_DOT.isDots());
    for (String name : new String[] {"...", ".a", "a.", "a"}) {
      assertFalse(FileName.of(name).isDots(), name);
    }
  }

  @Test
  void putsItsBytes() {
    ByteBuffer into = ByteBuffer.allocate(4);
    FileName.of("ab").putInto(into);
    assertEquals(2, into.position());
    byte[] array = new byte[3];
    FileName.of("ab").copyTo(array, 1);
    assertArrayEquals(new byte[] {0, 'a', 'b'}, array);
  }

  @Test
  void xattrNamesHaveTheirOwnBounds() {
    FsException refusal = assertThrows(FsException.class, () -> XattrName.of(new byte[256]));
    assertEquals(Errno.ERANGE, refusal.errno());
    assertTrue(XattrName.of("user.x").isIn("user."));
    assertFalse(XattrName.of("use").isIn("user."));
  }
}
