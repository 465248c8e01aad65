package org.telosfs.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.telosfs.fuse.ForwardingFileSystem;
import org.telosfs.fuse.FuseMount;
import org.telosfs.fuse.FuseTransport;
import org.telosfs.fuse.MountException;
import org.telosfs.fuse.MountException.Reason;
import org.telosfs.fuse.MountOptions;
import org.telosfs.fuse.Shell;
import org.telosfs.fuse.TransportContract;
import org.telosfs.fuse.wire.Opcode;
import org.telosfs.vfs.AttributeChange;
import org.telosfs.vfs.CacheInvalidator;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.FileName;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.VirtualFileSystem;

/** The contract, and what only the kernel transport promises; as root. */
class KernelTransportIT extends TransportContract {
  private CacheInvalidator kernelCache;

  @Override
  protected FuseTransport transport() {
    return new KernelTransport();
  }

  @Override
  protected VirtualFileSystem newTree() {
    return new ForwardingFileSystem(super.newTree()) {
      @Override
      public void cachedBy(CacheInvalidator cache) {
        kernelCache = cache;
        super.cachedBy(cache);
      }
    };
  }

  @AfterEach
  void kernelRemembersNothing() throws Exception {
    mount.unmount();
    assertEquals(0, mount.stats().knownInodes());
  }

  @Test
  void inodesAreTheTrees() throws Exception {
    shell.run(
        """
        echo x > a; ln a b; test a -ef b; test "$(stat -c %h a)" = 2
        rm a; echo y >> b; test "$(cat b | xargs)" = "x y"
        exec 5<>b; rm b; echo z >&5; test "$(stat -Lc '%h %s' /proc/self/fd/5)" = "0 4"
        """);
  }

  @Test
  void namesAreBytes() throws Exception {
    shell.run(
        """
        printf 1 > $'\\xff\\xfe not UTF-8 \\n'; test "$(cat $'\\xff\\xfe not UTF-8 \\n')" = 1
        n=$(printf 'n%.0s' $(seq 255)); printf 2 > $n; test "$(cat n*)" = 2
        ! : > n$n; test "$(LC_ALL=C ls -U | wc -c)" -gt 255
        """);
  }

  @Test
  void timesAreSetApart() throws Exception {
    shell.run(
        """
        : > f; touch -d 2001-02-03T04:05:06.7Z f; m=$(stat -c %.Y f)
        touch -a -d 1999-01-01T00:00:00Z f
        test "$(stat -c %.Y f)" = $m; test "$(stat -c %X f)" = 915148800
        test "$(stat -c %W f)" -gt 1000000000
        """);
  }

  @Test
  void sparseFilesAndRanges() throws Exception {
    shell.run(
        """
        truncate -s 1G sparse; test "$(stat -c %b sparse)" = 0
        printf x | dd of=sparse bs=1 seek=500M conv=notrunc status=none
        cp --sparse=always sparse copy; cmp sparse copy; test "$(stat -c %b copy)" -lt 10000
        fallocate -l 1M f; test "$(stat -c %s f)" = 1048576
        printf data | dd of=f conv=notrunc status=none; fallocate -p -o 0 -l 4096 f
        test "$(head -c 4 f | od -An -tx1 | xargs)" = "00 00 00 00"
        """);
    assertTrue(mount.stats().requests().get(Opcode.LSEEK) > 0);
    assertTrue(mount.stats().requests().get(Opcode.FALLOCATE) > 0);
  }

  @Test
  void renameFlagsAndExtendedAttributes() throws Exception {
    shell.run(
        """
        echo a > a; echo b > b; mv -n a b; test "$(cat b)" = b
        python3 - <<'END'
        import ctypes, os
        c = ctypes.CDLL(None, use_errno=True)
        assert c.renameat2(-100, b'a', -100, b'b', 2) == 0
        assert open('a').read() == 'b\\n'
        os.setxattr('a', 'user.k', b'v' * 3000)
        assert os.getxattr('a', 'user.k') == b'v' * 3000
        assert os.listxattr('a') == ['user.k']
        fd = os.open('a', os.O_RDWR); out = os.open('c', os.O_RDWR | os.O_CREAT)
        os.write(fd, bytes(100000)); assert os.copy_file_range(fd, out, 100000, 0, 0) == 100000
        END
        """);
  }

  @Test
  void accessControlListsAreEnforcedAndInherited() throws Exception {
    shell.run(
        """
        as() { setpriv --reuid=$1 --regid=$1 --clear-groups "${@:2}"; }
        echo secret > f; chmod 600 f; ! as 1001 cat f
        setfacl -m u:1001:r f; as 1001 cat f; ! as 1002 cat f
        chmod 600 f; ! as 1001 cat f; chmod 640 f; as 1001 cat f
        setfacl -b f; ! as 1001 cat f
        mkdir d; setfacl -d -m u:1001:rw,o::- d; (umask 077; echo x > d/f)
        as 1001 true; chmod 755 d; as 1001 cat d/f; ! as 1002 cat d/f
        test "$(stat -c %a d/f)" = 660
        """);
  }

  @Test
  void specialFiles() throws Exception {
    shell.run(
        """
        mkfifo p; test -p p; (echo through > p &); test "$(cat p)" = through
        mknod n c 1 3; test "$(stat -c '%t %T' n)" = "1 3"
        ! echo x > n
        """);
  }

  @Test
  void openNeedsNoMessageAfterTheFirst() throws Exception {
    shell.run("for i in $(seq 20); do echo $i > f$i; cat f$i > /dev/null; ls > /dev/null; done");
    Map<Opcode, Long> requests = mount.stats().requests();
    assertEquals(1, requests.get(Opcode.OPEN));
    assertEquals(1, requests.get(Opcode.OPENDIR));
    assertEquals(1, requests.get(Opcode.CREATE));
    assertEquals(1, requests.get(Opcode.FLUSH));
    assertFalse(requests.containsKey(Opcode.RELEASE));
  }

  @Test
  void changesFromElsewhereAreSeenAtOnce() throws Exception {
    FileName name = FileName.of("f");
    InodeNumber root = InodeNumber.ROOT;
    assertFalse(Files.exists(where.resolve("f")), "the kernel remembers that it is absent");
    InodeNumber file =
        tree.mknod(Caller.ROOT, root, name, org.telosfs.vfs.FileType.REGULAR, 0644, 0).inode();
    kernelCache.entryChanged(root, name);
    kernelCache.contentChanged(root);
    assertEquals(0, Files.size(where.resolve("f")));
    assertEquals("f", shell.run("ls"));
    tree.setattr(Caller.ROOT, file, AttributeChange.size(5));
    kernelCache.contentChanged(file);
    assertEquals(5, Files.readAllBytes(where.resolve("f")).length);
    tree.unlink(Caller.ROOT, root, name);
    kernelCache.entryChanged(root, name);
    kernelCache.contentChanged(root);
    assertFalse(Files.exists(where.resolve("f")));
    assertEquals("", shell.run("ls"));
    tree.forget(file, 1);
  }

  @Test
  void readersOfTheTreeDoNotHoldInvalidationUp() throws Exception {
    shell.run("mkdir d; seq 2000 | sed s,^,d/, | xargs touch");
    Process lister =
        new ProcessBuilder("bash", "-c", "while ! test -e stop; do ls -l d > /dev/null; done")
            .directory(where.toFile())
            .start();
    for (int i = 0; i < 200; i++) {
      kernelCache.entryChanged(InodeNumber.ROOT, FileName.of("d"));
      kernelCache.contentChanged(InodeNumber.ROOT);
    }
    Files.createFile(where.resolve("stop"));
    assertEquals(0, lister.waitFor());
  }

  @Test
  void processKilledWhileItWaitsLeavesNothing() throws Exception {
    shell.run(
        """
        dd if=/dev/zero of=big bs=1M count=200 status=none
        for i in $(seq 20); do
          cat big > /dev/null & p=$!; find . > /dev/null; kill -9 $p || true; wait $p 2>/dev/null || true
        done
        """);
  }

  @Test
  void writesReachTheTreeOnFsync() throws Exception {
    shell.run("dd if=/dev/zero of=f bs=4k count=10 conv=fsync status=none; sync .");
    assertTrue(mount.stats().requests().get(Opcode.FSYNC) >= 1);
    assertTrue(mount.stats().requests().get(Opcode.FSYNCDIR) >= 1);
  }

  @Test
  void badMountPointsAreNamed() throws Exception {
    assertReason(Reason.MISSING, where.resolve("none"));
    Path file = Files.createFile(where.resolve("file"));
    assertReason(Reason.NOT_A_DIRECTORY, file);
    assertReason(Reason.ALREADY_MOUNTED, where);
    Path full = Files.createDirectory(where.resolve("full"));
    Files.createFile(full.resolve("x"));
    assertReason(Reason.NOT_EMPTY, full);
    assertReason(Reason.ALREADY_MOUNTED, Path.of("/"));
  }

  private void assertReason(Reason reason, Path at) throws Exception {
    try (VirtualFileSystem other = memoryTree(true)) {
      MountException refusal =
          assertThrows(
              MountException.class,
              () -> new KernelTransport().mount(other, at, MountOptions.DEFAULTS));
      assertEquals(reason, refusal.reason());
      assertTrue(refusal.getMessage().contains(at.toString()), refusal.getMessage());
      assertFalse(refusal.getMessage().contains("\n"));
    }
  }

  /** Once it was set while the kernel still read the answer to INIT, which took it back. */
  @Test
  void readAheadReachesAsFarAsARequestOnEveryMount() throws Exception {
    Path second = Files.createTempDirectory("telosfs-it-");
    for (int round = 0; round < 30; round++) {
      try (VirtualFileSystem other = memoryTree(true)) {
        FuseMount mounted = new KernelTransport().mount(other, second, MountOptions.DEFAULTS);
        String kibibytes =
            shell.run("cat /sys/class/bdi/$(mountpoint -d " + second + ")/read_ahead_kb");
        mounted.unmount();
        assertEquals("1024", kibibytes.strip(), "round " + round);
      }
    }
    Files.delete(second);
  }

  @Test
  void optionsReachTheKernel() throws Exception {
    Path second = Files.createTempDirectory("telosfs-it-");
    try (VirtualFileSystem other = memoryTree(true)) {
      FuseMount mounted =
          new KernelTransport()
              .mount(other, second, MountOptions.DEFAULTS.with("ro,noexec,suid,dev,noallow_other"));
      String line = shell.run("grep " + second + " /proc/mounts");
      assertTrue(line.contains(" fuse.telosfs ro,noexec,"), line);
      assertFalse(line.contains("allow_other"), line);
      new Shell(second).run("! touch x");
      mounted.unmount();
    }
    Files.delete(second);
  }
}
