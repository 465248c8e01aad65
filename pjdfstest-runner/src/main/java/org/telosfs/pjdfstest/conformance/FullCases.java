package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.syscall.Errno.ENOSPC;
import static org.telosfs.pjdfstest.syscall.Open.O_CREAT;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;

import java.nio.ByteBuffer;
import org.telosfs.pjdfstest.syscall.NativeMemory;
import org.telosfs.pjdfstest.syscall.StatFs;

/** No space left: only where the file system is small enough to be filled, and nobody else's. */
final class FullCases implements CaseTable {
  private static final long SMALL_BYTES = 256L << 20;
  private static final int PIECE = 1 << 20;
  private static final int BLOCK = 4096;

  static final String NAME = "full";

  @Override
  public String name() {
    return NAME;
  }

  private interface WhenFull {
    void check(Sandbox t) throws Exception;
  }

  @Override
  public void define(CaseList cases) {
    add(
        cases,
        "write",
        t -> {
          int fd = t.fd("new", O_RDWR | O_CREAT);
          long answer = t.sys().pwrite(fd, NativeMemory.allocate(64 << 10), 64 << 10, 0);
          t.holds(ENOSPC.is(answer) || (answer >= 0 && answer < 64 << 10), "refused or cut");
        });
    add(
        cases,
        "allocate",
        t -> t.fails(ENOSPC, t.sys().fallocate(t.fd("new", O_RDWR | O_CREAT), 0, 0, PIECE)));
    add(
        cases,
        "read-and-remove",
        t -> {
          t.same(PIECE, t.pread(t.fd("ballast", O_RDONLY), PIECE, 0).length());
          t.ok(t.chmod("ballast", 0600));
          t.ok(t.unlink("ballast"));
        });
    add(
        cases,
        "truncate-makes-room",
        t -> {
          t.ok(t.sys().truncate("ballast", 0));
          t.file("new", "x".repeat(PIECE));
          t.same(PIECE, t.content("new").length());
        });
  }

  private static void add(CaseList cases, String name, WhenFull when) {
    cases.add(
        name,
        t -> {
          StatFs space = t.sys().statfs(t.fd(".", O_RDONLY));
          if (space.blocks() * space.blockBytes() > SMALL_BYTES) {
            throw t.notRun("the file system is too large to be filled (256 MiB at most)");
          }
          int fd = t.fd("ballast", O_RDWR | O_CREAT);
          ByteBuffer piece = NativeMemory.allocate(PIECE);
          long at = 0;
          for (int bytes = PIECE; bytes >= BLOCK; bytes /= 2) {
            long written = t.sys().pwrite(fd, piece, bytes, at);
            while (written > 0) {
              at += written;
              written = t.sys().pwrite(fd, piece, bytes, at);
            }
            t.fails(ENOSPC, written);
          }
          t.ok(t.sys().fsync(fd));
          t.ok(t.close(fd));
          when.check(t);
        });
  }
}
