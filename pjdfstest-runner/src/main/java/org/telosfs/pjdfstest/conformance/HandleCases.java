package org.telosfs.pjdfstest.conformance;

import static org.telosfs.pjdfstest.conformance.Sandbox.ALICE;
import static org.telosfs.pjdfstest.syscall.Abi.AT_EMPTY_PATH;
import static org.telosfs.pjdfstest.syscall.Abi.AT_FDCWD;
import static org.telosfs.pjdfstest.syscall.Abi.AT_SYMLINK_FOLLOW;
import static org.telosfs.pjdfstest.syscall.Errno.EBADF;
import static org.telosfs.pjdfstest.syscall.Errno.EINVAL;
import static org.telosfs.pjdfstest.syscall.Errno.EOVERFLOW;
import static org.telosfs.pjdfstest.syscall.Errno.EPERM;
import static org.telosfs.pjdfstest.syscall.Errno.ESTALE;
import static org.telosfs.pjdfstest.syscall.Open.O_DIRECTORY;
import static org.telosfs.pjdfstest.syscall.Open.O_PATH;
import static org.telosfs.pjdfstest.syscall.Open.O_RDONLY;
import static org.telosfs.pjdfstest.syscall.Open.O_RDWR;

import org.telosfs.pjdfstest.syscall.FileHandle;

/** name_to_handle_at(2), open_by_handle_at(2): what an NFS server needs. */
final class HandleCases implements CaseTable {
  @Override
  public String name() {
    return "handle";
  }

  private static FileHandle handle(Sandbox t, String name) {
    FileHandle handle = new FileHandle(FileHandle.MAX_BYTES);
    t.ok(t.sys().nameToHandleAt(AT_FDCWD, name, handle, 0));
    return handle;
  }

  private static int mount(Sandbox t) {
    return t.fd(".", O_RDONLY | O_DIRECTORY);
  }

  private static int opened(Sandbox t, FileHandle handle, int flags) {
    return t.kept(t.sys().openByHandleAt(mount(t), handle, flags));
  }

  @Override
  public void define(CaseList cases) {
    for (FileKind kind : FileKind.values()) {
      cases.add(
          kind.word(),
          t -> {
            t.make(kind, "f");
            FileHandle handle = handle(t, "f");
            int fd = opened(t, handle, O_PATH);
            t.same(t.lstat("f").inode(), t.fstat(fd).inode());
            t.same(kind.bits(), t.fstat(fd).type());
          });
    }
    cases.add(
        "opens-for-reading-and-writing",
        t -> {
          t.file("f", "abc");
          int fd = opened(t, handle(t, "f"), O_RDWR);
          t.same("abc", t.pread(fd, 4, 0));
          t.ok(t.pwrite(fd, "X", 1));
          t.same("aXc", t.content("f"));
        });
    cases.add(
        "directory-can-be-listed",
        t -> {
          t.directory("d");
          t.file("d/f");
          int fd = opened(t, handle(t, "d"), O_RDONLY | O_DIRECTORY);
          t.same(3, t.sys().getdents(fd, 4096).size());
          t.kept(t.sys().openat(fd, "f", O_RDONLY, 0));
        });
    cases.add(
        "survives-rename-and-chmod",
        t -> {
          t.directory("d");
          t.file("f", "abc");
          FileHandle handle = handle(t, "f");
          t.ok(t.rename("f", "d/g"));
          t.ok(t.chmod("d/g", 0600));
          t.same("abc", t.pread(opened(t, handle, O_RDONLY), 4, 0));
          t.same(handle.content(), handle(t, "d/g").content());
        });
    cases.add(
        "one-for-each-file",
        t -> {
          t.file("f");
          t.file("g");
          t.ok(t.link("f", "h"));
          t.same(handle(t, "f").content(), handle(t, "h").content());
          t.holds(!handle(t, "f").content().equals(handle(t, "g").content()), "two files");
        });
    cases.add(
        "size-is-told-when-too-small",
        t -> {
          t.file("f");
          FileHandle none = new FileHandle(0);
          t.fails(EOVERFLOW, t.sys().nameToHandleAt(AT_FDCWD, "f", none, 0));
          t.holds(none.bytes() > 0 && none.bytes() <= FileHandle.MAX_BYTES, "a size");
          FileHandle exact = new FileHandle(none.bytes());
          t.ok(t.sys().nameToHandleAt(AT_FDCWD, "f", exact, 0));
        });
    cases.add(
        "removed-file-is-stale",
        t -> {
          t.file("f");
          FileHandle handle = handle(t, "f");
          t.ok(t.unlink("f"));
          t.fails(ESTALE, t.sys().openByHandleAt(mount(t), handle, O_RDONLY));
        });
    cases.add(
        "removed-directory-is-stale",
        t -> {
          t.directory("d");
          FileHandle handle = handle(t, "d");
          t.ok(t.rmdir("d"));
          t.fails(ESTALE, t.sys().openByHandleAt(mount(t), handle, O_RDONLY));
        });
    cases.add(
        "stale-handle-never-means-a-later-file",
        t -> {
          for (int i = 0; i < 50; i++) {
            t.file("f");
            FileHandle handle = handle(t, "f");
            t.ok(t.unlink("f"));
            t.file("g" + i);
            t.fails(ESTALE, t.sys().openByHandleAt(mount(t), handle, O_RDONLY));
          }
        });
    cases.add(
        "removed-but-open-file-can-be-opened",
        t -> {
          t.file("f", "abc");
          FileHandle handle = handle(t, "f");
          int open = t.fd("f", O_RDONLY);
          t.ok(t.unlink("f"));
          long answer = t.sys().openByHandleAt(mount(t), handle, O_RDONLY);
          t.holds(answer >= 0 || ESTALE.is(answer), "opened or stale: " + answer);
          if (answer >= 0) {
            t.same("abc", t.pread(t.kept(answer), 4, 0));
          }
          t.same("abc", t.pread(open, 4, 0));
        });
    cases.add(
        "symlink-is-followed-on-request",
        t -> {
          t.file("f");
          t.ok(t.symlink("f", "l"));
          FileHandle followed = new FileHandle(FileHandle.MAX_BYTES);
          t.ok(t.sys().nameToHandleAt(AT_FDCWD, "l", followed, AT_SYMLINK_FOLLOW));
          t.same(handle(t, "f").content(), followed.content());
          t.holds(!handle(t, "l").content().equals(followed.content()), "the link's own");
        });
    cases.add(
        "empty-path",
        t -> {
          t.file("f");
          FileHandle handle = new FileHandle(FileHandle.MAX_BYTES);
          t.ok(t.sys().nameToHandleAt(t.fd("f", O_RDONLY), "", handle, AT_EMPTY_PATH));
          t.same(handle(t, "f").content(), handle.content());
        });
    cases.add(
        "opening-is-for-root-alone",
        t -> {
          t.file("f", 0666);
          FileHandle handle = handle(t, "f");
          int mount = mount(t);
          t.as(ALICE, () -> t.fails(EPERM, t.sys().openByHandleAt(mount, handle, O_RDONLY)));
        });
    cases.add(
        "bad-arguments",
        t -> {
          t.file("f");
          FileHandle large = new FileHandle(FileHandle.MAX_BYTES);
          large.struct().putInt(0, 4096);
          t.fails(EINVAL, t.sys().nameToHandleAt(AT_FDCWD, "f", large, 0));
          t.fails(EINVAL, t.sys().nameToHandleAt(AT_FDCWD, "f", handle(t, "f"), 8));
          t.fails(EINVAL, t.sys().openByHandleAt(mount(t), large, O_RDONLY));
          t.fails(EINVAL, t.sys().openByHandleAt(mount(t), new FileHandle(0), O_RDONLY));
          t.fails(EBADF, t.sys().openByHandleAt(1_000_000, handle(t, "f"), O_RDONLY));
        });
    cases.add(
        "handle-of-no-known-type",
        t -> {
          t.file("f");
          FileHandle handle = handle(t, "f");
          handle.struct().putInt(4, 0x7e);
          t.fails(ESTALE, t.sys().openByHandleAt(mount(t), handle, O_RDONLY));
        });
  }
}
