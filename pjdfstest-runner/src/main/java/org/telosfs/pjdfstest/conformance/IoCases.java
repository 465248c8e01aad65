package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.syscall.Abi.RWF_APPEND;
import static org.telosfs.pjdfstest.syscall.Abi.RWF_DSYNC;
import static org.telosfs.pjdfstest.syscall.Abi.RWF_SYNC;
import static org.telosfs.pjdfstest.syscall.Abi.SEEK_CUR;
import static org.telosfs.pjdfstest.syscall.Abi.SEEK_SET;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EFAULT;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.EOPNOTSUPP;
import static org.telosfs.pjdfstest.syscall.Errno.ESPIPE;
import static org.telosfs.pjdfstest.syscall.Open.O_APPEND;
import static org.telosfs.pjdfstest.syscall.Open.O_CREAT;
import static org.telosfs.pjdfstest.syscall.Open.O_DIRECT;
import static org.telosfs.pjdfstest.syscall.Open.O_DSYNC;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;
import static org.telosfs.pjdfstest.syscall.Open.O_SYNC;
import static org.telosfs.pjdfstest.syscall.Open.O_WRONLY;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.telosfs.pjdfstest.syscall.NativeMemory;
import org.telosfs.pjdfstest.syscall.Statx;
import org.telosfs.pjdfstest.syscall.SystemCall;

/** read(2), write(2) and their relatives with offsets, vectors and flags. */
final class IoCases implements CaseTable {
  private static final int MEBIBYTE = 1 << 20;

  @Override
  public String name() {
    return "io";
  }

  @Override
  public void define(CaseList cases) {
    defineReads(cases);
    defineWrites(cases);
    definePatterns(cases);
    defineVectors(cases);
    defineAppend(cases);
    defineSetIdBits(cases);
    defineRefusals(cases);
  }

  private static void defineReads(CaseList cases) {
    cases.add(
        "read-ends-at-the-end",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDONLY);
          ByteBuffer into = NativeMemory.allocate(8);
          t.same(3, t.ok(t.sys().read(fd, into, 8)));
          t.same(0, t.ok(t.sys().read(fd, into, 8)));
          t.same(3, t.ok(t.sys().lseek(fd, 0, SEEK_CUR)));
          t.same("", t.pread(fd, 8, 3));
          t.same("", t.pread(fd, 8, 1L << 40));
          t.same("c", t.pread(fd, 8, 2));
        });
    cases.add(
        "pread-leaves-the-position",
        t -> {
          t.file("f", "abcdef");
          int fd = t.fd("f", O_RDWR);
          t.same("def", t.pread(fd, 3, 3));
          t.ok(t.pwrite(fd, "X", 5));
          t.same(0, t.ok(t.sys().lseek(fd, 0, SEEK_CUR)));
        });
    cases.add(
        "nothing-is-read-or-written-by-zero-bytes",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDWR);
          Statx before = t.stat("f");
          t.nextTick();
          t.same(0, t.ok(t.write(fd, "")));
          t.same(0, t.ok(t.pwrite(fd, "", 1000)));
          t.same(0, t.ok(t.sys().read(fd, NativeMemory.allocate(1), 0)));
          t.same(before.modified(), t.stat("f").modified());
          t.same(3L, t.stat("f").sizeBytes());
        });
    cases.add(
        "holes-read-as-zeros",
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT);
          t.ok(t.pwrite(fd, "end", 3L * MEBIBYTE));
          t.same(3L * MEBIBYTE + 3, t.stat("f").sizeBytes());
          t.holds("\0".repeat(MEBIBYTE).equals(t.pread(fd, MEBIBYTE, 5000)), "zeros");
          t.same("\0end", t.pread(fd, 10, 3L * MEBIBYTE - 1));
          t.holds(t.stat("f").blocks512() < 1024, "no blocks for the hole");
        });
    cases.add(
        "position-is-shared-by-dup",
        t -> {
          t.file("f", "abcdef");
          int fd = t.fd("f", O_RDONLY);
          int twin = t.kept(t.sys().call(SystemCall.DUP, fd));
          t.ok(t.sys().read(fd, NativeMemory.allocate(4), 4));
          t.same(4, t.ok(t.sys().lseek(twin, 0, SEEK_CUR)));
          int other = t.fd("f", O_RDONLY);
          t.same(0, t.ok(t.sys().lseek(other, 0, SEEK_CUR)));
        });
  }

  private static void defineWrites(CaseList cases) {
    cases.add(
        "write-moves-the-position-and-the-end",
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT);
          t.same(3, t.ok(t.write(fd, "abc")));
          t.same(3, t.ok(t.write(fd, "def")));
          t.same(6L, t.stat("f").sizeBytes());
          t.ok(t.sys().lseek(fd, 2, SEEK_SET));
          t.ok(t.write(fd, "XY"));
          t.same("abXYef", t.content("f"));
        });
    cases.add(
        "write-is-seen-by-every-reader-at-once",
        t -> {
          t.file("f", "old content");
          int reader = t.fd("f", O_RDONLY);
          t.same("old", t.pread(reader, 3, 0));
          int writer = t.fd("f", O_WRONLY);
          t.ok(t.pwrite(writer, "new", 0));
          t.same("new content", t.pread(reader, 20, 0));
          t.ok(t.pwrite(writer, "!", 11));
          t.same("new content!", t.pread(reader, 20, 0));
          t.ok(t.sys().ftruncate(writer, 3));
          t.same("new", t.pread(reader, 20, 0));
        });
    cases.add(
        "write-in-small-pieces",
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT);
          StringBuilder all = new StringBuilder();
          for (int i = 0; i < 3000; i++) {
            all.append(i).append(' ');
            t.ok(t.write(fd, i + " "));
          }
          t.same(all.toString(), t.content("f"));
        });
    cases.add(
        "write-backwards",
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT);
          for (int i = 99; i >= 0; i--) {
            t.ok(t.pwrite(fd, String.format("%04d", i), i * 5000L));
          }
          for (int i = 0; i < 100; i++) {
            t.same(String.format("%04d", i), t.pread(fd, 4, i * 5000L));
          }
          t.same(99 * 5000L + 4, t.stat("f").sizeBytes());
        });
    for (int flag : List.of(O_SYNC, O_DSYNC)) {
      cases.add(
          "write-through-flag-" + flag,
          t -> {
            int fd = t.fd("f", O_RDWR | O_CREAT | flag);
            t.ok(t.write(fd, "abc"));
            t.same("abc", t.content("f"));
          });
    }
    cases.add(
        "sendfile-and-splice",
        t -> {
          t.file("f", "x".repeat(100_000));
          int from = t.fd("f", O_RDONLY);
          int to = t.fd("g", O_RDWR | O_CREAT);
          t.same(100_000, t.ok(t.sys().call(SystemCall.SENDFILE, to, from, null, 200_000)));
          t.holds("x".repeat(100_000).equals(t.content("g")), "the same content");
          ByteBuffer pipe = NativeMemory.allocate(8);
          t.ok(t.sys().call(SystemCall.PIPE2, pipe, 0));
          int reader = t.kept(pipe.getInt(0));
          int writer = t.kept(pipe.getInt(4));
          t.ok(t.sys().lseek(from, 0, SEEK_SET));
          t.same(4096, t.ok(t.sys().call(SystemCall.SPLICE, from, null, writer, null, 4096, 0)));
          int third = t.fd("h", O_RDWR | O_CREAT);
          t.same(4096, t.ok(t.sys().call(SystemCall.SPLICE, reader, null, third, null, 4096, 0)));
          t.holds("x".repeat(4096).equals(t.content("h")), "the same content");
        });
  }

  private static void definePatterns(CaseList cases) {
    for (int direct : List.of(0, O_DIRECT)) {
      cases.add(
          (direct == 0 ? "buffered" : "direct") + "-random-writes-read-back",
          t -> {
            Random random = new Random(direct == 0 ? 1 : 2);
            int fd = t.fd("f", O_RDWR | O_CREAT | direct);
            byte[] model = new byte[2 * MEBIBYTE];
            t.ok(t.sys().ftruncate(fd, model.length));
            for (int i = 0; i < 100; i++) {
              int unit = direct == 0 ? 1 : 4096;
              int at = random.nextInt(model.length / unit) * unit;
              int room = Math.min(model.length - at, 200_000);
              int bytes = Math.max(unit, random.nextInt(room) / unit * unit);
              ByteBuffer data = NativeMemory.allocateAligned(bytes, 4096);
              byte[] content = new byte[bytes];
              random.nextBytes(content);
              data.put(0, content);
              t.same((long) bytes, t.sys().pwrite(fd, data, bytes, at));
              System.arraycopy(content, 0, model, at, bytes);
            }
            ByteBuffer all = NativeMemory.allocateAligned(model.length, 4096);
            t.same((long) model.length, t.sys().pread(fd, all, model.length, 0));
            t.holds(
                Arrays.equals(model, NativeMemory.bytes(all, 0, model.length)), "model and file");
          });
    }
    cases.add(
        "one-large-write",
        t -> {
          byte[] content = new byte[9 * MEBIBYTE + 123];
          new Random(3).nextBytes(content);
          int fd = t.fd("f", O_RDWR | O_CREAT);
          t.same(
              (long) content.length,
              t.sys().pwrite(fd, NativeMemory.of(content), content.length, 0));
          ByteBuffer all = NativeMemory.allocate(content.length + 10);
          t.same((long) content.length, t.sys().pread(fd, all, content.length + 10, 0));
          t.holds(
              Arrays.equals(content, NativeMemory.bytes(all, 0, content.length)),
              "what was written is read");
        });
  }

  private static ByteBuffer vector(Sandbox t, ByteBuffer... parts) {
    ByteBuffer vector = NativeMemory.allocate(16 * Math.max(1, parts.length));
    for (int i = 0; i < parts.length; i++) {
      vector.putLong(16 * i, t.sys().addressOf(parts[i])).putLong(16 * i + 8, parts[i].capacity());
    }
    return vector;
  }

  private static void defineVectors(CaseList cases) {
    cases.add(
        "vectors-gather-and-scatter",
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT);
          ByteBuffer one = NativeMemory.of(NativeMemory.bytes("abc"));
          ByteBuffer two = NativeMemory.of(NativeMemory.bytes("defgh"));
          t.same(8, t.ok(t.sys().call(SystemCall.WRITEV, fd, vector(t, one, two), 2)));
          t.same("abcdefgh", t.content("f"));
          t.ok(t.sys().lseek(fd, 0, SEEK_SET));
          ByteBuffer first = NativeMemory.allocate(2);
          ByteBuffer second = NativeMemory.allocate(10);
          t.same(8, t.ok(t.sys().call(SystemCall.READV, fd, vector(t, first, second), 2)));
          t.same("ab", NativeMemory.text(NativeMemory.bytes(first, 0, 2)));
          t.same("cdefgh", NativeMemory.text(NativeMemory.bytes(second, 0, 6)));
        });
    cases.add(
        "vectors-of-bad-counts",
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT);
          ByteBuffer one = NativeMemory.allocate(16 * 1025);
          t.same(0, t.ok(t.sys().call(SystemCall.WRITEV, fd, one, 0)));
          t.fails(EINVAL, t.sys().call(SystemCall.WRITEV, fd, one, 1025));
          t.fails(EINVAL, t.sys().call(SystemCall.READV, fd, one, -1));
          one.putLong(8, -1);
          t.fails(EINVAL, t.sys().call(SystemCall.WRITEV, fd, one, 1));
        });
    cases.add(
        "flags-that-nobody-knows",
        t -> {
          int fd = t.fd("f", O_RDWR | O_CREAT);
          t.fails(EOPNOTSUPP, t.sys().pwritev2(fd, NativeMemory.allocate(1), 1, 0, 1 << 30));
          t.fails(EOPNOTSUPP, t.sys().preadv2(fd, NativeMemory.allocate(1), 1, 0, 1 << 30));
        });
    cases.add(
        "flag-append",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDWR);
          ByteBuffer more = NativeMemory.of(NativeMemory.bytes("def"));
          t.same(3L, t.sys().pwritev2(fd, more, 3, 0, RWF_APPEND));
          t.same("abcdef", t.content("f"));
          t.same(0, t.ok(t.sys().lseek(fd, 0, SEEK_CUR)));
          t.same(3L, t.sys().pwritev2(fd, more, 3, -1, RWF_APPEND));
          t.same("abcdefdef", t.content("f"));
        });
    for (int flag : List.of(RWF_DSYNC, RWF_SYNC)) {
      cases.add(
          "flag-sync-" + flag,
          t -> {
            int fd = t.fd("f", O_RDWR | O_CREAT);
            t.same(3L, t.sys().pwritev2(fd, NativeMemory.of(new byte[] {1, 2, 3}), 3, 0, flag));
            t.same(3L, t.stat("f").sizeBytes());
          });
    }
    cases.add(
        "offset-minus-one-is-the-position",
        t -> {
          t.file("f", "abcdef");
          int fd = t.fd("f", O_RDWR);
          ByteBuffer into = NativeMemory.allocate(3);
          t.same(3L, t.sys().preadv2(fd, into, 3, -1, 0));
          t.same(3L, t.sys().preadv2(fd, into, 3, -1, 0));
          t.same("def", NativeMemory.text(NativeMemory.bytes(into, 0, 3)));
          t.fails(EINVAL, t.sys().preadv2(fd, into, 3, -2, 0));
        });
  }

  private static void defineAppend(CaseList cases) {
    cases.add(
        "append-ignores-the-offset",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDWR | O_APPEND);
          t.ok(t.pwrite(fd, "def", 0));
          t.same("abcdef", t.content("f"));
        });
    cases.add(
        "append-from-many-processes",
        t -> {
          List<Program> writers = new ArrayList<>();
          for (int i = 0; i < 6; i++) {
            writers.add(
                Program.start(
                    t,
                    "i=0; while [ $i -lt 300 ]; do echo writer-"
                        + i
                        + "-line-$i; i=$((i+1)); done >>f"));
          }
          for (Program writer : writers) {
            t.same("", writer.line());
          }
          List<String> lines = List.of(t.content("f").split("\n", -1));
          t.same(6 * 300 + 1, lines.size());
          t.same(6 * 300 + 1, new HashSet<>(lines).size());
        });
    cases.add(
        "append-from-many-threads",
        t -> {
          t.file("f");
          List<Thread> threads = new ArrayList<>();
          for (int i = 0; i < 8; i++) {
            int fd = t.fd("f", O_WRONLY | O_APPEND);
            String line = String.valueOf((char) ('a' + i)).repeat(99) + "\n";
            Thread thread =
                new Thread(
                    () -> {
                      for (int k = 0; k < 100; k++) {
                        t.write(fd, line);
                      }
                    });
            thread.start();
            threads.add(thread);
          }
          for (Thread thread : threads) {
            thread.join();
          }
          List<String> lines = t.content("f").lines().toList();
          t.same(800, lines.size());
          for (String line : lines) {
            t.same(String.valueOf(line.charAt(0)).repeat(99), line);
          }
        });
  }

  private static void defineSetIdBits(CaseList cases) {
    record Change(int before, int after) {}
    List<Change> changes =
        List.of(
            new Change(04777, 0777),
            new Change(02777, 0777),
            new Change(06777, 0777),
            new Change(04666, 0666),
            new Change(01777, 01777));
    for (Change change : changes) {
      cases.add(
          String.format("write-by-another-user-from-mode-%04o", change.before()),
          t -> {
            t.file("f");
            t.ok(t.chmod("f", change.before()));
            t.as(ALICE, () -> t.ok(t.write(t.fd("f", O_WRONLY), "x")));
            t.sameMode(change.after(), t.stat("f").permissions());
          });
      cases.add(
          String.format("write-by-the-owner-from-mode-%04o", change.before()),
          t -> {
            t.fileOf(ALICE, "f", change.before());
            t.as(ALICE, () -> t.ok(t.write(t.fd("f", O_WRONLY), "x")));
            t.sameMode(change.after(), t.stat("f").permissions());
          });
      cases.add(
          String.format("write-by-root-from-mode-%04o", change.before()),
          t -> {
            t.fileOf(ALICE, "f", change.before());
            t.ok(t.write(t.fd("f", O_WRONLY), "x"));
            t.sameMode(change.before(), t.stat("f").permissions());
          });
    }
    cases.add(
        "write-of-nothing-keeps-set-id-bits",
        t -> {
          t.file("f");
          t.ok(t.chmod("f", 06777));
          t.as(ALICE, () -> t.same(0, t.ok(t.write(t.fd("f", O_WRONLY), ""))));
          t.sameMode(06777, t.stat("f").permissions());
        });
  }

  private static void defineRefusals(CaseList cases) {
    cases.add(
        "bad-descriptor",
        t -> {
          ByteBuffer some = NativeMemory.allocate(4);
          t.fails(EBADF, t.sys().read(1_000_000, some, 4));
          t.fails(EBADF, t.sys().write(1_000_000, some, 4));
          t.fails(EBADF, t.sys().pread(1_000_000, some, 4, 0));
          t.fails(EBADF, t.sys().pwrite(1_000_000, some, 4, 0));
        });
    cases.add(
        "bad-address",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDWR);
          t.fails(EFAULT, t.sys().call(SystemCall.READ, fd, 1L, 4));
          t.fails(EFAULT, t.sys().call(SystemCall.WRITE, fd, 1L, 4));
          t.same("abc", t.content("f"));
        });
    cases.add(
        "negative-offset",
        t -> {
          t.file("f", "abc");
          int fd = t.fd("f", O_RDWR);
          t.fails(EINVAL, t.sys().pread(fd, NativeMemory.allocate(4), 4, -1));
          t.fails(EINVAL, t.pwrite(fd, "x", -1));
        });
    cases.add(
        "offset-on-a-fifo",
        t -> {
          t.make(FileKind.FIFO, "f");
          int fd = t.fd("f", O_RDWR);
          t.fails(ESPIPE, t.sys().pread(fd, NativeMemory.allocate(4), 4, 0));
          t.fails(ESPIPE, t.pwrite(fd, "x", 0));
          t.fails(ESPIPE, t.sys().lseek(fd, 0, SEEK_SET));
        });
  }
}
