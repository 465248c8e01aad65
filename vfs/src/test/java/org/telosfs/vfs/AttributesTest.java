package org.telosfs.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AttributesTest {
  @ParameterizedTest
  @CsvSource({
    "FIFO,0010000",
    "CHARACTER_DEVICE,0020000",
    "DIRECTORY,0040000",
    "BLOCK_DEVICE,0060000",
    "REGULAR,0100000",
    "SYMLINK,0120000",
    "SOCKET,0140000"
  })
  void typeBitsAreLinux(FileType type, String octal) {
    assertEquals(Integer.parseInt(octal, 8), type.modeBits());
  }

  @ParameterizedTest
  @EnumSource
  void typeSurvivesTheMode(FileType type) throws FsException {
    assertEquals(type, FileType.ofMode(type.modeBits() | Attributes.PERMISSION_MASK));
    assertEquals(type, FileType.ofCode(type.code()));
  }

  @Test
  void unknownTypeIsRefused() {
    assertThrows(FsException.class, () -> FileType.ofMode(0));
    assertThrows(FsException.class, () -> FileType.ofCode(15));
  }

  @Test
  void modeJoinsTypeAndPermissions() {
    assertEquals(0102755, attributes(02755, 1).mode());
  }

  @Test
  void impossibleAttributesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> attributes(010000, 1));
    assertThrows(IllegalArgumentException.class, () -> attributes(0644, -1));
    assertThrows(IllegalArgumentException.class, () -> AttributeChange.permissions(0100644));
    assertThrows(IllegalArgumentException.class, () -> new InodeNumber(0));
    assertThrows(IllegalArgumentException.class, () -> new Timestamp(0, 1_000_000_000));
  }

  private static Attributes attributes(int permissions, int links) {
    Timestamp time = Timestamp.EPOCH;
    return new Attributes(
        InodeNumber.ROOT,
        FileType.REGULAR,
        permissions,
        links,
        0,
        0,
        0,
        0,
        0,
        time,
        time,
        time,
        time);
  }
}
