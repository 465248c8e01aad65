package org.telosfs.vfs.acl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FsException;

/** The rules by table, as {@code fs/posix_acl.c} of Linux has them; lists in setfacl's notation. */
class PosixAclTest {
  private static PosixAcl acl(String text) throws FsException {
    List<AclEntry> entries = new ArrayList<>();
    for (String entry : text.split(",")) {
      String[] parts = entry.split(":", -1);
      boolean named = !parts[1].isEmpty();
      AclEntry.Tag tag =
          switch (parts[0]) {
            case "u" -> named ? AclEntry.Tag.USER : AclEntry.Tag.OWNER;
            case "g" -> named ? AclEntry.Tag.GROUP : AclEntry.Tag.OWNING_GROUP;
            case "m" -> AclEntry.Tag.MASK;
            default -> AclEntry.Tag.OTHERS;
          };
      int id = named ? Integer.parseInt(parts[1]) : AclEntry.NO_ID;
      entries.add(new AclEntry(tag, Integer.parseInt(parts[2]), id));
    }
    return PosixAcl.of(entries);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "u::7,g::5,o::5",
        "u::7,g::5,m::7,o::5",
        "u::7,u:1:7,g::5,m::7,o::5",
        "u::7,g::5,g:1:7,m::7,o::5",
        "u::7,u:2:7,u:1:0,u:1:0,g::5,g:9:7,g:9:1,m::7,o::5",
        "u::0,g::0,o::0"
      })
  void validLists(String text) throws FsException {
    PosixAcl list = acl(text);
    assertEquals(list, PosixAcl.decode(list.encode()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "u::7,g::5",
        "u::7,o::5",
        "g::5,o::5",
        "g::5,u::7,o::5",
        "u::7,u::7,g::5,o::5",
        "u::7,g::5,g::5,o::5",
        "u::7,g::5,o::5,o::5",
        "u::7,g::5,m::1,m::1,o::5",
        "u::7,g::5,o::5,m::7",
        "u::7,u:1:7,g::5,o::5",
        "u::7,g::5,g:1:5,o::5",
        "u::7,g::5,u:1:7,m::7,o::5",
        "u::7,g:1:5,g::5,m::7,o::5",
        "u::8,g::5,o::5",
        "u::7,u:-1:7,g::5,m::7,o::5"
      })
  void invalidLists(String text) {
    assertEquals(Errno.EINVAL, assertThrows(FsException.class, () -> acl(text)).errno());
  }

  @Test
  void wireFormIsTheKernels() throws FsException {
    PosixAcl list = acl("u::6,u:1000:7,g::4,m::5,o::0");
    String wire =
        "02000000"
            + "01000600ffffffff"
            + "02000700e8030000"
            + "04000400ffffffff"
            + "10000500ffffffff"
            + "20000000ffffffff";
    assertEquals(wire, HexFormat.of().formatHex(list.encode()));
    // An id where none belongs is not looked at.
    byte[] zeroIds = HexFormat.of().parseHex(wire.replace("ffffffff", "00000000"));
    assertEquals(list, PosixAcl.decode(zeroIds));
  }

  @ParameterizedTest
  @CsvSource({
    "'', EINVAL",
    "020000, EINVAL",
    "01000000, EOPNOTSUPP",
    "0200000001000600ffffff, EINVAL",
    "0200000003000600ffffffff, EINVAL",
    "0200000000000600ffffffff, EINVAL"
  })
  void malformedValues(String wire, Errno refusal) {
    byte[] value = HexFormat.of().parseHex(wire);
    assertEquals(refusal, assertThrows(FsException.class, () -> PosixAcl.decode(value)).errno());
  }

  @Test
  void headerAloneIsTheEmptyList() throws FsException {
    PosixAcl none = PosixAcl.decode(new byte[] {2, 0, 0, 0});
    assertTrue(none.isEmpty());
    assertArrayEquals(new byte[] {2, 0, 0, 0}, none.encode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // list | before | clear setgid | after | kept
        "u::7,g::5,o::1 | 0000 | false | 0751 | false",
        "u::7,g::5,o::1 | 7777 | false | 7751 | false",
        "u::7,g::5,o::1 | 7777 | true | 5751 | false",
        "u::6,g::7,m::4,o::0 | 0777 | false | 0640 | true",
        "u::6,u:1:7,g::0,m::3,o::0 | 0000 | false | 0630 | true"
      })
  void settingAnAccessList(
      String text, String before, boolean clearSetgid, String after, boolean kept)
      throws FsException {
    PosixAcl list = acl(text);
    assertEquals(
        new ModeAndAcl(octal(after), kept ? list : null), list.setOn(octal(before), clearSetgid));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "u::7,g::5,o::1 | 0640 | u::6,g::4,o::0",
        "u::7,g::5,m::7,o::1 | 0640 | u::6,g::5,m::4,o::0",
        "u::7,u:1:7,g::5,g:2:3,m::7,o::1 | 2002 | u::0,u:1:7,g::5,g:2:3,m::0,o::2"
      })
  void chmod(String text, String mode, String after) throws FsException {
    assertEquals(acl(after), acl(text).afterChmod(octal(mode)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // default list | asked | permissions | access list
        "u::7,g::5,o::0 | 0666 | 0640 | ",
        "u::7,g::7,o::7 | 4755 | 4755 | ",
        "u::5,g::7,m::6,o::1 | 0777 | 0561 | u::5,g::7,m::6,o::1",
        "u::7,u:1:7,g::5,m::7,o::5 | 0640 | 0640 | u::6,u:1:7,g::5,m::4,o::0",
        "u::7,u:1:7,g::5,m::5,o::5 | 1666 | 1644 | u::6,u:1:7,g::5,m::4,o::4"
      })
  void inheritance(String text, String asked, String permissions, String access)
      throws FsException {
    assertEquals(
        new ModeAndAcl(octal(permissions), access == null ? null : acl(access)),
        acl(text).inheritedBy(octal(asked)));
  }

  private static int octal(String text) {
    return Integer.parseInt(text, 8);
  }
}
