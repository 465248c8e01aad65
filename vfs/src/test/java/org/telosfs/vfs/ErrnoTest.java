package org.telosfs.vfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrnoTest {
  @ParameterizedTest
  @CsvSource({
    "EPERM,1",
    "ENOENT,2",
    "EIO,5",
    "ENXIO,6",
    "E2BIG,7",
    "EACCES,13",
    "EEXIST,17",
    "EXDEV,18",
    "ENODEV,19",
    "ENOTDIR,20",
    "EISDIR,21",
    "EINVAL,22",
    "EFBIG,27",
    "ENOSPC,28",
    "EROFS,30",
    "EMLINK,31",
    "ERANGE,34",
    "ENAMETOOLONG,36",
    "ENOSYS,38",
    "ENOTEMPTY,39",
    "ENODATA,61",
    "EUCLEAN,117",
    "EOPNOTSUPP,95",
    "ESTALE,116"
  })
  void numbersAreLinux(Errno errno, int number) {
    assertEquals(number, errno.number());
  }

  @Test
  void numbersAreDistinctAndFitTheWire() {
    long distinct = Arrays.stream(Errno.values()).mapToInt(Errno::number).distinct().count();
    assertEquals(Errno.values().length, distinct);
    assertTrue(Arrays.stream(Errno.values()).allMatch(e -> e.number() > 0 && e.number() < 512));
  }

  @Test
  void refusalIsCheapUnlessItWrapsAFailure() {
    FsException refusal = new FsException(Errno.ENOENT, "name");
    assertEquals("ENOENT: name", refusal.getMessage());
    assertEquals(0, refusal.getStackTrace().length);
    FsException wrapped = new FsException(Errno.EIO, "disk", new java.io.IOException("gone"));
    assertTrue(wrapped.getStackTrace().length > 0);
  }
}
