package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.syscall.Abi.FALLOC_FL_KEEP_SIZE;
import static org.telosfs.pjdfstest.syscall.Abi.FALLOC_FL_PUNCH_HOLE;
import static org.telosfs.pjdfstest.syscall.Abi.MAP_PRIVATE;
import static org.telosfs.pjdfstest.syscall.Abi.MAP_SHARED;
import static org.telosfs.pjdfstest.syscall.Abi.MS_ASYNC;
import static org.telosfs.pjdfstest.syscall.Abi.MS_INVALIDATE;
import static org.telosfs.pjdfstest.syscall.Abi.MS_SYNC;
import static org.telosfs.pjdfstest.syscall.Abi.PROT_READ;
import static org.telosfs.pjdfstest.syscall.Abi.PROT_WRITE;
import static org.telosfs.pjdfstest.syscall.Errno.EACCES;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.ENODEV;
import static org.telosfs.pjdfstest.syscall.Errno.ENOMEM;
import static org.telosfs.pjdfstest.syscall.Open.O_CREAT;
import static org.telosfs.pjdfstest.syscall.Open.O_DIRECT;
import static org.telosfs.pjdfstest.syscall.Open.O_PATH;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;
import static org.telosfs.pjdfstest.syscall.Open.O_WRONLY;

import java.nio.ByteBuffer;
import org.telosfs.pjdfstest.syscall.MappedMemory;
import org.telosfs.pjdfstest.syscall.NativeMemory;
import org.telosfs.pjdfstest.syscall.Statx;
import org.telosfs.pjdfstest.syscall.SystemCall;

/** mmap(2), msync(2), munmap(2): memory and file are one. */
final class MmapCases implements CaseTable {
  private static final int PAGE = 4096;
  private static final int READ_WRITE = PROT_READ | PROT_WRITE;

  @Override
  public String name() {
    return "mmap";
  }

  @Override
  public void define(CaseList cases) {
    defineShared(cases);
    definePrivate(cases);
    defineEnds(cases);
    defineTimes(cases);
    defineRefusals(cases);
  }

  private static void defineShared(CaseList cases) {
    cases.add(
        "store-is-read-at-once",
        t -> {
          t.file("f", "x".repeat(3 * PAGE));
          int fd = t.fd("f", O_RDWR);
          MappedMemory memory = t.sys().mmap(fd, 0, 3 * PAGE, READ_WRITE, MAP_SHARED);
          memory.put(5, (byte) 'A');
          memory.put(2 * PAGE + 1, (byte) 'B');
          t.same("xAx", t.pread(fd, 3, 4));
          t.same("xBx", t.pread(fd, 3, 2 * PAGE));
          t.same("xBx", t.pread(t.fd("f", O_RDONLY), 3, 2 * PAGE));
          t.ok(memory.unmap());
          t.same("xAx", t.pread(fd, 3, 4));
        });
    cases.add(
        "write-is-loaded-at-once",
        t -> {
          t.file("f", "x".repeat(3 * PAGE));
          int fd = t.fd("f", O_RDWR);
          MappedMemory memory = t.sys().mmap(fd, 0, 3 * PAGE, PROT_READ, MAP_SHARED);
          t.same((byte) 'x', memory.get(PAGE));
          t.ok(t.pwrite(fd, "yz", PAGE));
          t.same((byte) 'y', memory.get(PAGE));
          t.same((byte) 'z', memory.get(PAGE + 1));
          t.ok(t.pwrite(t.fd("f", O_WRONLY), "Q", 7));
          t.same((byte) 'Q', memory.get(7));
          t.ok(memory.unmap());
        });
    cases.add(
        "two-mappings-are-one",
        t -> {
          t.file("f", "x".repeat(2 * PAGE));
          int one = t.fd("f", O_RDWR);
          int two = t.fd("f", O_RDWR);
          MappedMemory first = t.sys().mmap(one, 0, 2 * PAGE, READ_WRITE, MAP_SHARED);
          MappedMemory second = t.sys().mmap(two, PAGE, PAGE, READ_WRITE, MAP_SHARED);
          first.put(PAGE + 9, (byte) 'A');
          t.same((byte) 'A', second.get(9));
          second.put(10, (byte) 'B');
          t.same((byte) 'B', first.get(PAGE + 10));
          t.ok(first.unmap());
          t.ok(second.unmap());
        });
    cases.add(
        "survives-the-descriptor-and-the-name",
        t -> {
          t.file("f", "x".repeat(PAGE));
          int fd = t.fd("f", O_RDWR);
          int reader = t.fd("f", O_RDONLY);
          MappedMemory memory = t.sys().mmap(fd, 0, PAGE, READ_WRITE, MAP_SHARED);
          t.ok(t.close(fd));
          t.ok(t.unlink("f"));
          memory.put(1, (byte) 'A');
          t.ok(memory.msync(0, PAGE, MS_SYNC));
          t.same("xA", t.pread(reader, 2, 0));
          t.ok(memory.unmap());
        });
    cases.add(
        "is-in-the-file-after-unmapping-and-reopening",
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT);
          t.ok(t.sys().ftruncate(fd, 100L * PAGE));
          MappedMemory memory = t.sys().mmap(fd, 0, 100L * PAGE, READ_WRITE, MAP_SHARED);
          for (int i = 0; i < 100; i += 3) {
            memory.put((long) i * PAGE + i, (byte) i);
          }
          t.ok(memory.unmap());
          t.ok(t.close(fd));
          int again = t.fd("f", O_RDONLY);
          for (int i = 0; i < 100; i += 3) {
            t.same((char) i, t.pread(again, 1, (long) i * PAGE + i).charAt(0));
          }
          t.holds(t.stat("f").blocks512() < 100 * PAGE / 512, "what was not touched is a hole");
        });
    cases.add(
        "direct-io-sees-stores",
        t -> {
          t.file("f", "x".repeat(2 * PAGE));
          int direct = t.fd("f", O_RDWR | O_DIRECT);
          MappedMemory memory =
              t.sys().mmap(t.fd("f", O_RDWR), 0, 2 * PAGE, READ_WRITE, MAP_SHARED);
          memory.put(0, (byte) 'A');
          ByteBuffer block = NativeMemory.allocateAligned(PAGE, PAGE);
          t.same((long) PAGE, t.sys().pread(direct, block, PAGE, 0));
          t.same((byte) 'A', block.get(0));
          block.put(1, (byte) 'B');
          t.same((long) PAGE, t.sys().pwrite(direct, block, PAGE, 0));
          t.same((byte) 'B', memory.get(1));
          t.ok(memory.unmap());
        });
    cases.add(
        "of-a-file-open-with-direct-io",
        t -> {
          t.file("f", "x".repeat(PAGE));
          MappedMemory memory =
              t.sys().mmap(t.fd("f", O_RDWR | O_DIRECT), 0, PAGE, READ_WRITE, MAP_SHARED);
          memory.put(0, (byte) 'A');
          t.ok(memory.msync(0, PAGE, MS_SYNC));
          t.same("Ax", t.pread(t.fd("f", O_RDONLY), 2, 0));
          t.ok(memory.unmap());
        });
  }

  private static void definePrivate(CaseList cases) {
    cases.add(
        "private-stores-stay-private",
        t -> {
          t.file("f", "x".repeat(PAGE));
          MappedMemory memory = t.sys().mmap(t.fd("f", O_RDONLY), 0, PAGE, READ_WRITE, MAP_PRIVATE);
          memory.put(0, (byte) 'A');
          t.ok(memory.msync(0, PAGE, MS_SYNC));
          t.same((byte) 'A', memory.get(0));
          t.same("x", t.pread(t.fd("f", O_RDONLY), 1, 0));
          t.ok(memory.unmap());
        });
    cases.add(
        "programs-run-from-the-file-system",
        t -> {
          Program program = Program.copyOfSleep(t, "program");
          program.end();
          t.same(0, Program.run(t, "./program 0").status());
        });
  }

  private static void defineEnds(CaseList cases) {
    cases.add(
        "rest-of-the-last-page-is-zero-and-never-written",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDWR);
          MappedMemory memory = t.sys().mmap(fd, 0, PAGE, READ_WRITE, MAP_SHARED);
          t.same((byte) 0, memory.get(3));
          memory.put(100, (byte) 'Z');
          t.ok(memory.msync(0, PAGE, MS_SYNC));
          t.same(3L, t.stat("f").sizeBytes());
          t.ok(memory.unmap());
          t.ok(t.sys().ftruncate(fd, 200));
          t.same("abc" + "\0".repeat(197), t.content("f"));
        });
    cases.add(
        "grows-with-the-file",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDWR);
          MappedMemory memory = t.sys().mmap(fd, 0, 4 * PAGE, READ_WRITE, MAP_SHARED);
          t.ok(t.sys().ftruncate(fd, 4 * PAGE));
          t.same((byte) 0, memory.get(3 * PAGE));
          memory.put(3 * PAGE, (byte) 'Z');
          t.same("Z", t.pread(fd, 1, 3 * PAGE));
          t.ok(t.pwrite(fd, "Y", 2 * PAGE));
          t.same((byte) 'Y', memory.get(2 * PAGE));
          t.ok(memory.unmap());
        });
    cases.add(
        "punched-hole-is-zero-in-memory",
        t -> {
          t.file("f", "x".repeat(4 * PAGE));
          int fd = t.fd("f", O_RDWR);
          MappedMemory memory = t.sys().mmap(fd, 0, 4 * PAGE, READ_WRITE, MAP_SHARED);
          t.same((byte) 'x', memory.get(PAGE));
          t.ok(t.sys().fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, PAGE, PAGE));
          t.same((byte) 0, memory.get(PAGE));
          t.same((byte) 'x', memory.get(2 * PAGE));
          memory.put(PAGE, (byte) 'N');
          t.same("N", t.pread(fd, 1, PAGE));
          t.ok(memory.unmap());
        });
    cases.add(
        "copied-range-is-in-memory",
        t -> {
          t.file("f", "x".repeat(4 * PAGE));
          t.file("g", "y".repeat(4 * PAGE));
          int fd = t.fd("f", O_RDWR);
          MappedMemory memory = t.sys().mmap(fd, 0, 4 * PAGE, READ_WRITE, MAP_SHARED);
          t.same((byte) 'x', memory.get(PAGE));
          t.same(2L * PAGE, t.sys().copyFileRange(t.fd("g", O_RDONLY), 0, fd, PAGE, 2 * PAGE, 0));
          t.same((byte) 'y', memory.get(PAGE));
          t.same((byte) 'x', memory.get(3 * PAGE));
          t.ok(memory.unmap());
        });
    cases.add(
        "stores-are-copied",
        t -> {
          t.file("f", "x".repeat(4 * PAGE));
          int fd = t.fd("f", O_RDWR);
          MappedMemory memory = t.sys().mmap(fd, 0, 4 * PAGE, READ_WRITE, MAP_SHARED);
          memory.put(PAGE, (byte) 'S');
          int to = t.fd("g", O_RDWR | O_CREAT);
          t.same(4L * PAGE, t.sys().copyFileRange(fd, 0, to, 0, 4 * PAGE, 0));
          t.same("S", t.pread(to, 1, PAGE));
          t.ok(memory.unmap());
        });
  }

  private static void defineTimes(CaseList cases) {
    cases.add(
        "store-and-msync-update-mtime-and-ctime",
        t -> {
          t.file("f", "x".repeat(PAGE));
          int fd = t.fd("f", O_RDWR);
          t.ok(t.sys().fsync(fd));
          MappedMemory memory = t.sys().mmap(fd, 0, PAGE, READ_WRITE, MAP_SHARED);
          Statx before = t.stat("f");
          t.nextTick();
          memory.put(0, (byte) 'A');
          t.ok(memory.msync(0, PAGE, MS_SYNC));
          Statx after = t.stat("f");
          t.holds(after.modified().compareTo(before.modified()) > 0, "mtime went on");
          t.holds(after.changed().compareTo(before.changed()) > 0, "ctime went on");
          t.ok(memory.unmap());
        });
  }

  private static long map(Sandbox t, int fd, long bytes, int protection, int flags, long offset) {
    return t.sys().call(SystemCall.MMAP, 0, bytes, protection, flags, fd, offset);
  }

  private static void defineRefusals(CaseList cases) {
    cases.add(
        "descriptor-without-the-right-access",
        t -> {
          t.file("f", "x".repeat(PAGE));
          int reader = t.fd("f", O_RDONLY);
          int writer = t.fd("f", O_WRONLY);
          t.fails(EACCES, map(t, reader, PAGE, READ_WRITE, MAP_SHARED, 0));
          t.fails(EACCES, map(t, writer, PAGE, PROT_READ, MAP_SHARED, 0));
          t.fails(EACCES, map(t, writer, PAGE, PROT_WRITE, MAP_SHARED, 0));
          t.fails(EACCES, map(t, writer, PAGE, PROT_READ, MAP_PRIVATE, 0));
          t.fails(EBADF, map(t, 1_000_000, PAGE, PROT_READ, MAP_SHARED, 0));
          t.fails(EBADF, map(t, t.fd("f", O_PATH), PAGE, PROT_READ, MAP_SHARED, 0));
        });
    cases.add(
        "protection-cannot-be-raised-later",
        t -> {
          t.file("f", "x".repeat(PAGE));
          MappedMemory memory = t.sys().mmap(t.fd("f", O_RDONLY), 0, PAGE, PROT_READ, MAP_SHARED);
          t.fails(EACCES, t.sys().call(SystemCall.MPROTECT, memory.address(), PAGE, READ_WRITE));
          t.ok(memory.unmap());
        });
    cases.add(
        "bad-arguments",
        t -> {
          t.file("f", "x".repeat(PAGE));
          int fd = t.fd("f", O_RDWR);
          t.fails(EINVAL, map(t, fd, 0, PROT_READ, MAP_SHARED, 0));
          t.fails(EINVAL, map(t, fd, PAGE, PROT_READ, MAP_SHARED, 1));
          t.fails(EINVAL, map(t, fd, PAGE, PROT_READ, 0, 0));
          t.fails(ENODEV, map(t, t.fd(".", O_RDONLY), PAGE, PROT_READ, MAP_SHARED, 0));
        });
    cases.add(
        "msync-of-bad-ranges",
        t -> {
          t.file("f", "x".repeat(PAGE));
          MappedMemory memory = t.sys().mmap(t.fd("f", O_RDWR), 0, PAGE, READ_WRITE, MAP_SHARED);
          t.fails(EINVAL, memory.msync(0, PAGE, MS_ASYNC | MS_SYNC));
          t.fails(EINVAL, memory.msync(1, PAGE, MS_SYNC));
          t.fails(EINVAL, memory.msync(0, PAGE, 64));
          t.ok(memory.msync(0, PAGE, MS_ASYNC));
          t.ok(memory.msync(0, PAGE, MS_SYNC | MS_INVALIDATE));
          t.ok(memory.unmap());
          t.fails(ENOMEM, memory.msync(0, PAGE, MS_SYNC));
        });
  }
}
