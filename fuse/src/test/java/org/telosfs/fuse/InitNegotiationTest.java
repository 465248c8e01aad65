package org.telosfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.telosfs.fuse.wire.InitAnswer;
import org.telosfs.fuse.wire.InitFlag;
import org.telosfs.vfs.Errno;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.FsException;

class InitNegotiationTest {
  private static final FileSystemTraits STATELESS = FileSystemTraits.soleWriter("t");
  private static final FileSystemTraits STATEFUL =
      new FileSystemTraits("t", true, false, false, Duration.ZERO, Duration.ZERO, Duration.ZERO);
  private static final FuseConfig CONFIG = FuseConfig.defaults();

  private static InitAnswer answer(int minor, long offered, FileSystemTraits traits)
      throws FsException {
    return InitNegotiation.answer(7, minor, 131072, offered, traits, CONFIG);
  }

  @Test
  void takesOfAllThatIsOfferedWhatTheTableSays() throws Exception {
    Set<InitFlag> taken = InitFlag.of(answer(45, -1L, STATELESS).flags());
    for (InitFlag flag : InitFlag.values()) {
      boolean expected =
          flag.use() == InitFlag.Use.TAKEN
              || flag.use() == InitFlag.Use.WHERE_STATELESS
              || flag.use() == InitFlag.Use.WHERE_ACLS_ARE_KEPT;
      assertEquals(expected, taken.contains(flag), flag.name());
      assertFalse(flag.reason().isBlank(), flag.name());
    }
  }

  @Test
  void neverTakesWhatIsNotOffered() throws Exception {
    assertEquals(0, answer(45, 0, STATELESS).flags());
    long two = InitFlag.ASYNC_READ.mask() | InitFlag.DIRECT_IO_ALLOW_MMAP.mask();
    assertEquals(two, answer(45, two, STATELESS).flags());
  }

  @Test
  void zeroMessageOpenOnlyWhereOpenKeepsNoState() throws Exception {
    Set<InitFlag> taken = InitFlag.of(answer(45, -1L, STATEFUL).flags());
    assertFalse(taken.contains(InitFlag.NO_OPEN_SUPPORT));
    assertFalse(taken.contains(InitFlag.NO_OPENDIR_SUPPORT));
  }

  @Test
  void accessControlListsOnlyWhereTheTreeKeepsThem() throws Exception {
    Set<InitFlag> taken = InitFlag.of(answer(45, -1L, STATEFUL).flags());
    assertFalse(taken.contains(InitFlag.POSIX_ACL));
    assertFalse(taken.contains(InitFlag.SETXATTR_EXT));
  }

  @Test
  void writebackCacheOnlyOnRequest() throws Exception {
    long offered = InitFlag.WRITEBACK_CACHE.mask();
    assertEquals(0, answer(45, offered, STATELESS).flags());
    FuseConfig asked = CONFIG.withWritebackCache(true);
    assertEquals(offered, InitNegotiation.answer(7, 45, 0, offered, STATELESS, asked).flags());
  }

  @Test
  void speaksTheOlderOfBothMinors() throws Exception {
    assertEquals(31, answer(31, 0, STATELESS).minor());
    assertEquals(45, answer(99, 0, STATELESS).minor());
  }

  @Test
  void newerMajorIsAnsweredWithOurs() throws Exception {
    assertEquals(45, InitNegotiation.answer(8, 0, 0, 0, STATELESS, CONFIG).minor());
  }

  @Test
  void tooOldAKernelIsRefused() {
    FsException refusal = assertThrows(FsException.class, () -> answer(30, 0, STATELESS));
    assertEquals(Errno.EPROTO, refusal.errno());
    assertTrue(refusal.getMessage().contains("7.30"), refusal.getMessage());
    assertThrows(FsException.class, () -> InitNegotiation.answer(6, 99, 0, 0, STATELESS, CONFIG));
  }

  @Test
  void requestsOfOneMebibyte() throws Exception {
    InitAnswer answer = answer(45, 0, STATELESS);
    assertEquals(1 << 20, answer.maxWriteBytes());
    assertEquals(256, answer.maxPages());
    assertEquals(131072, answer.maxReadaheadBytes());
  }
}
