package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.syscall.Abi.SEEK_CUR;
import static org.telosfs.pjdfstest.syscall.Abi.SEEK_SET;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EFAULT;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.ENOTDIR;
import static org.telosfs.pjdfstest.syscall.Open.O_PATH;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.telosfs.pjdfstest.syscall.DirectoryEntry;
import org.telosfs.pjdfstest.syscall.LinuxException;
import org.telosfs.pjdfstest.syscall.NativeMemory;
import org.telosfs.pjdfstest.syscall.Statx;
import org.telosfs.pjdfstest.syscall.SystemCall;

/** getdents64(2): every name once, whatever happens meanwhile. */
final class DirectoryCases implements CaseTable {
  private static final int SMALL = 1024;

  @Override
  public String name() {
    return "directory";
  }

  /** The names in the order they are read, with the two dots. */
  private static List<String> read(Sandbox t, int fd, int bufferBytes) throws LinuxException {
    List<String> names = new ArrayList<>();
    for (var some = t.sys().getdents(fd, bufferBytes);
        !some.isEmpty();
        some = t.sys().getdents(fd, bufferBytes)) {
      some.forEach(entry -> names.add(entry.name()));
    }
    return names;
  }

  private static void fill(Sandbox t, int files) {
    t.directory("d");
    for (int i = 0; i < files; i++) {
      t.file("d/file-" + i);
    }
  }

  @Override
  public void define(CaseList cases) {
    defineListing(cases);
    defineSeeks(cases);
    defineChanges(cases);
    defineRefusals(cases);
  }

  private static void defineListing(CaseList cases) {
    for (int files : List.of(0, 1, 10, 500, 3000)) {
      for (int buffer : List.of(SMALL, 65_536)) {
        cases.add(
            "every-one-of-" + files + "-names-once-by-" + buffer + "-bytes",
            t -> {
              fill(t, files);
              List<String> names = read(t, t.fd("d", O_RDONLY), buffer);
              t.same(files + 2, names.size());
              t.same(files + 2, new HashSet<>(names).size());
              t.holds(names.containsAll(List.of(".", "..")), "the two dots");
              for (int i = 0; i < files; i++) {
                t.holds(t.exists("d/file-" + i), "file-" + i);
              }
            });
      }
    }
    cases.add(
        "tells-kind-and-inode",
        t -> {
          t.directory("d");
          for (FileKind kind : FileKind.values()) {
            t.make(kind, "d/" + kind.word());
          }
          for (DirectoryEntry entry : t.sys().getdents(t.fd("d", O_RDONLY), 4096)) {
            Statx seen = t.lstat("d/" + entry.name());
            t.same(seen.inode(), entry.inode());
            t.same(seen.type() >> 12, entry.type());
          }
        });
    cases.add(
        "longest-names",
        t -> {
          t.directory("d");
          for (int i = 0; i < 50; i++) {
            t.file("d/" + String.format("%03d", i) + "\u00e4".repeat(252));
          }
          t.same(52, read(t, t.fd("d", O_RDONLY), SMALL).size());
        });
    cases.add(
        "names-that-differ-little",
        t -> {
          t.directory("d");
          for (int i = 0; i < 256; i++) {
            t.file("d/" + "a".repeat(i % 250 + 1) + (char) ('A' + i / 250));
          }
          t.same(256, t.names("d").size());
        });
  }

  private static void defineSeeks(CaseList cases) {
    cases.add(
        "seek-to-where-an-entry-ended",
        t -> {
          fill(t, 200);
          int fd = t.fd("d", O_RDONLY);
          List<DirectoryEntry> all = new ArrayList<>();
          for (var some = t.sys().getdents(fd, SMALL);
              !some.isEmpty();
              some = t.sys().getdents(fd, SMALL)) {
            all.addAll(some);
          }
          t.same(202, all.size());
          for (int i = 0; i < all.size() - 1; i += 7) {
            t.ok(t.sys().lseek(fd, all.get(i).next(), SEEK_SET) < 0 ? -1 : 0);
            t.same(all.get(i + 1).name(), t.sys().getdents(fd, SMALL).get(0).name());
          }
          t.holds(t.sys().lseek(fd, all.get(201).next(), SEEK_SET) >= 0, "the end");
          t.same(List.of(), t.sys().getdents(fd, SMALL));
        });
    cases.add(
        "cookies-hold-over-descriptors",
        t -> {
          fill(t, 100);
          List<DirectoryEntry> all = t.sys().getdents(t.fd("d", O_RDONLY), 65_536);
          int other = t.fd("d", O_RDONLY);
          t.holds(t.sys().lseek(other, all.get(50).next(), SEEK_SET) >= 0, "seeks");
          t.same(all.get(51).name(), t.sys().getdents(other, SMALL).get(0).name());
        });
    cases.add(
        "rewind-sees-what-is-new",
        t -> {
          fill(t, 3);
          int fd = t.fd("d", O_RDONLY);
          t.same(5, read(t, fd, SMALL).size());
          t.file("d/new");
          t.ok(t.unlink("d/file-1"));
          t.ok(t.sys().lseek(fd, 0, SEEK_SET));
          t.same(Set.of(".", "..", "file-0", "file-2", "new"), Set.copyOf(read(t, fd, SMALL)));
        });
    cases.add(
        "seek-before-the-start",
        t -> {
          fill(t, 3);
          t.fails(EINVAL, t.sys().lseek(t.fd("d", O_RDONLY), -1, SEEK_SET));
        });
  }

  private static void defineChanges(CaseList cases) {
    cases.add(
        "remove-while-reading",
        t -> {
          fill(t, 1000);
          int fd = t.fd("d", O_RDONLY);
          int removed = 0;
          for (var some = t.sys().getdents(fd, SMALL);
              !some.isEmpty();
              some = t.sys().getdents(fd, SMALL)) {
            for (DirectoryEntry entry : some) {
              if (!entry.name().startsWith(".")) {
                t.ok(t.unlink("d/" + entry.name()));
                removed++;
              }
            }
          }
          t.same(1000, removed);
          t.ok(t.rmdir("d"));
        });
    cases.add(
        "what-stays-is-seen-once-while-others-come-and-go",
        t -> {
          fill(t, 1000);
          int fd = t.fd("d", O_RDONLY);
          List<String> seen = new ArrayList<>();
          int round = 0;
          for (var some = t.sys().getdents(fd, SMALL);
              !some.isEmpty();
              some = t.sys().getdents(fd, SMALL)) {
            some.forEach(entry -> seen.add(entry.name()));
            if (round < 100) {
              t.file("d/come-" + round);
              t.ok(t.unlink("d/file-" + round));
              t.ok(t.rename("d/file-" + (999 - round), "d/moved-" + round));
            }
            round++;
          }
          for (int i = 100; i < 900; i++) {
            String name = "file-" + i;
            t.same(name, 1L, seen.stream().filter(name::equals).count());
          }
          t.same("none twice", seen.size(), new HashSet<>(seen).size());
        });
    cases.add(
        "name-taken-again-while-reading",
        t -> {
          fill(t, 300);
          int fd = t.fd("d", O_RDONLY);
          List<String> seen = new ArrayList<>();
          t.sys().getdents(fd, SMALL).forEach(entry -> seen.add(entry.name()));
          t.ok(t.sys().lseek(fd, 0, SEEK_CUR) < 0 ? -1 : 0);
          for (int i = 0; i < 300; i++) {
            t.ok(t.unlink("d/file-" + i));
          }
          seen.addAll(read(t, fd, SMALL));
          t.same("none twice", seen.size(), new HashSet<>(seen).size());
          t.same(Set.of(), t.names("d"));
        });
    cases.add(
        "two-readers-do-not-meet",
        t -> {
          fill(t, 300);
          int one = t.fd("d", O_RDONLY);
          int two = t.fd("d", O_RDONLY);
          List<String> first = new ArrayList<>();
          List<String> second = new ArrayList<>();
          boolean more = true;
          while (more) {
            var a = t.sys().getdents(one, SMALL);
            var b = t.sys().getdents(two, SMALL * 3);
            a.forEach(entry -> first.add(entry.name()));
            b.forEach(entry -> second.add(entry.name()));
            more = !a.isEmpty() || !b.isEmpty();
          }
          t.same(302, first.size());
          t.same(first, second);
        });
  }

  private static void defineRefusals(CaseList cases) {
    cases.add(
        "not-a-directory",
        t -> {
          t.file("f");
          ByteBuffer into = NativeMemory.allocate(256);
          t.fails(ENOTDIR, t.sys().call(SystemCall.GETDENTS64, t.fd("f", O_RDONLY), into, 256));
          t.fails(EBADF, t.sys().call(SystemCall.GETDENTS64, 1_000_000, into, 256));
          t.fails(EBADF, t.sys().call(SystemCall.GETDENTS64, t.fd(".", O_PATH), into, 256));
        });
    cases.add(
        "buffer-too-small",
        t -> {
          fill(t, 1);
          ByteBuffer into = NativeMemory.allocate(256);
          t.fails(EINVAL, t.sys().call(SystemCall.GETDENTS64, t.fd("d", O_RDONLY), into, 1));
        });
    cases.add(
        "buffer-that-is-none",
        t -> {
          fill(t, 1);
          t.fails(EFAULT, t.sys().call(SystemCall.GETDENTS64, t.fd("d", O_RDONLY), 1L, 4096));
        });
  }
}
