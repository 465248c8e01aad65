package org.telosfs.pjdfstest.syscall;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxTest {
  private static final byte[] HELLO = {'h', 'e', 'l', 'l', 'o'};

  private final Linux linux = new Linux();

  @TempDir private Path temp;

  private int open(String name, int flags) throws LinuxException {
    String path = NativeMemory.path(temp.resolve(name));
    return (int) LinuxException.check("open", linux.openat(Abi.AT_FDCWD, path, flags, 0644));
  }

  @Test
  void whatIsWrittenIsReadAndMapped() throws IOException {
    int fd = open("f", Open.O_RDWR | Open.O_CREAT | Open.O_EXCL);
    assertEquals(5, linux.pwrite(fd, NativeMemory.of(HELLO), 5, 4096));
    ByteBuffer read = NativeMemory.allocate(16);
    assertEquals(5, linux.preadv2(fd, read, 16, 4096, 0));
    assertArrayEquals(HELLO, NativeMemory.bytes(read, 0, 5));
    MappedMemory mapped =
        linux.mmap(fd, 4096, 4096, Abi.PROT_READ | Abi.PROT_WRITE, Abi.MAP_SHARED);
    assertEquals('e', mapped.get(1));
    mapped.put(0, (byte) 'j');
    assertEquals(0, mapped.msync(0, 4096, Abi.MS_SYNC));
    assertThrows(IndexOutOfBoundsException.class, () -> mapped.get(4096));
    assertEquals(0, mapped.unmap());
    assertEquals(4101, Files.size(temp.resolve("f")));
    assertEquals('j', Files.readAllBytes(temp.resolve("f"))[4096]);
    assertEquals(0, linux.close(fd));
  }

  @Test
  void errorsAreNegativeNumbers() throws IOException {
    assertTrue(Errno.EBADF.is(linux.close(-1)));
    assertTrue(Errno.EFAULT.is(linux.call(SystemCall.OPENAT, Abi.AT_FDCWD, 1, 0)));
    int fd = open(".", Open.O_DIRECTORY);
    assertTrue(Errno.ENOENT.is(linux.openat(fd, "absent", Open.O_RDONLY, 0)));
    LinuxException refused =
        assertThrows(LinuxException.class, () -> linux.statx(fd, "absent", 0, Statx.ALL));
    assertEquals("statx absent: ENOENT", refused.getMessage());
    assertEquals("errno 4000", Errno.describe(-4000));
    linux.close(fd);
  }

  @Test
  void namesAreBytes() throws IOException {
    int directory = open(".", Open.O_DIRECTORY);
    assertEquals(0, linux.mkdirat(directory, "\u00ff\u0001", 0700));
    List<String> names = new ArrayList<>();
    for (DirectoryEntry entry : linux.getdents(directory, 4096)) {
      names.add(entry.name());
    }
    assertTrue(names.containsAll(List.of(".", "..", "\u00ff\u0001")), names.toString());
    assertEquals(List.of(), linux.getdents(directory, 4096));
    assertThrows(IllegalArgumentException.class, () -> NativeMemory.cString("\u0100"));
    assertEquals(0, linux.unlinkat(directory, "\u00ff\u0001", Abi.AT_REMOVEDIR));
    linux.close(directory);
  }

  @Test
  void attributesAreThoseOfTheFile() throws IOException {
    int fd = open("f", Open.O_WRONLY | Open.O_CREAT);
    String path = NativeMemory.path(temp.resolve("f"));
    assertEquals(0, linux.utimensat(fd, null, new FileTimes(-5, 7, 1L << 33, 999_999_999), 0));
    assertEquals(0, linux.fchmod(fd, 04751));
    Statx seen = linux.statx(Abi.AT_FDCWD, path, 0, Statx.ALL);
    assertEquals(04751, seen.permissions());
    assertEquals(Abi.S_IFREG, seen.type());
    assertEquals(new Statx.Time(-5, 7), seen.accessed());
    assertEquals(new Statx.Time(1L << 33, 999_999_999), seen.modified());
    assertEquals(Files.getAttribute(temp.resolve("f"), "unix:ino"), seen.inode());
    assertTrue(linux.statfs(fd).nameBytes() >= 255);
    linux.close(fd);
  }

  @Test
  void aThreadCanHaveItsOwnUmaskAndDirectory() throws Exception {
    int directory = open(".", Open.O_DIRECTORY);
    FutureTask<Long> work =
        new FutureTask<>(
            () -> {
              linux.call(SystemCall.UNSHARE, Abi.CLONE_FS);
              linux.call(SystemCall.FCHDIR, directory);
              linux.call(SystemCall.UMASK, 077);
              return linux.openat(Abi.AT_FDCWD, "private", Open.O_WRONLY | Open.O_CREAT, 0666);
            });
    Thread thread = new Thread(work);
    thread.start();
    thread.join();
    assertTrue(work.get() >= 0);
    assertEquals(0600, linux.statx(directory, "private", 0, Statx.ALL).permissions());
    linux.close(work.get().intValue());
    linux.close(directory);
    try (Stream<Path> here = Files.list(Path.of("."))) {
      assertTrue(here.noneMatch(path -> path.endsWith("private")));
    }
  }
}
