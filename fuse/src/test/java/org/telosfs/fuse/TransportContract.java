package org.telosfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.telosfs.vfs.FileSystemTraits;
import org.telosfs.vfs.VirtualFileSystem;
import org.telosfs.vfs.memory.MemoryFileSystem;

/**
 * What a user of a mount may rely on, whatever the transport: a memory tree, mounted, driven by
 * java.nio and by shell tools. (Nothing here maps a file of the mount into this process: a page
 * fault that this same process has to serve can wait for ever.)
 */
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class TransportContract {
  protected Path where;
  protected VirtualFileSystem tree;
  protected FuseMount mount;
  protected Shell shell;

  /** The transport under test. */
  protected abstract FuseTransport transport();

  /** The tree to mount. */
  protected VirtualFileSystem newTree() {
    return memoryTree(true);
  }

  /** A memory tree whose open keeps state or not. */
  protected static VirtualFileSystem memoryTree(boolean statelessOpen) {
    Duration day = Duration.ofDays(1);
    return new MemoryFileSystem(
        InstantSource.system(),
        4L << 30,
        new FileSystemTraits("telosfs", false, statelessOpen, true, day, day, day));
  }

  @BeforeEach
  void mountTree() throws Exception {
    where = Files.createTempDirectory("telosfs-it-").toRealPath();
    tree = newTree();
    mount = transport().mount(tree, where, MountOptions.DEFAULTS);
    shell = new Shell(where);
  }

  @AfterEach
  void unmountTree() throws Exception {
    mount.unmount();
    assertFalse(mount.isMounted());
    assertEquals(0, mount.stats().failed(), "bugs, see the log");
    tree.close();
    Files.delete(where);
  }

  @Test
  void filesKeepWhatIsWritten() throws Exception {
    byte[] content = new byte[5_000_001];
    new Random(1).nextBytes(content);
    Path file = where.resolve("file");
    Files.write(file, content);
    assertTrue(Arrays.equals(content, Files.readAllBytes(file)));
    Files.write(file, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
    assertEquals(5_000_004, Files.size(file));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {9}), 4096);
      channel.truncate(5000);
    }
    byte[] after = Files.readAllBytes(file);
    assertEquals(5000, after.length);
    assertEquals(9, after[4096]);
    assertEquals(content[4999], after[4999]);
  }

  @Test
  void refusalsReachTheCaller() throws Exception {
    Path directory = Files.createDirectory(where.resolve("d"));
    Files.createFile(directory.resolve("f"));
    assertThrows(FileAlreadyExistsException.class, () -> Files.createDirectory(directory));
    assertThrows(DirectoryNotEmptyException.class, () -> Files.delete(directory));
    assertThrows(NoSuchFileException.class, () -> Files.size(where.resolve("none")));
    Files.createFile(where.resolve("none"));
    assertEquals(0, Files.size(where.resolve("none")), "its absence is not remembered");
  }

  @Test
  void renameReplacesAtomically() throws Exception {
    shell.run(
        """
        echo old > a; echo new > b
        exec 5<a
        mv b a
        test "$(cat a)" = new
        test "$(cat <&5)" = old
        mkdir d; mv a d/c
        test "$(cat d/c)" = new
        test "$(ls)" = d
        """);
  }

  @Test
  void symbolicLinks() throws Exception {
    Path link = Files.createSymbolicLink(where.resolve("l"), Path.of("no/such/target"));
    assertEquals("no/such/target", Files.readSymbolicLink(link).toString());
    shell.run("echo x > file; ln -s file good; test \"$(cat good)\" = x");
  }

  @Test
  void attributes() throws Exception {
    Path file = Files.createFile(where.resolve("f"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
    assertEquals("rwxr-x--x", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    Instant time = Instant.parse("2001-02-03T04:05:06.789012345Z");
    Files.setLastModifiedTime(file, FileTime.from(time));
    assertEquals(time, Files.getLastModifiedTime(file).toInstant());
    shell.run(
        """
        umask 027; : > masked; mkdir maskedd
        test "$(stat -c %a masked maskedd | xargs)" = "640 750"
        """);
  }

  @Test
  void longListingsAreComplete() throws Exception {
    shell.run(
        """
        mkdir many; cd many; seq -f 'a-name-of-some-length-%.0f' 3000 | xargs touch
        test "$(ls -U | wc -l)" = 3000
        test "$(ls -lU | tail -n +2 | sort -u | wc -l)" = 3000
        seq -f 'a-name-of-some-length-%.0f' 2 2 3000 | xargs rm
        test "$(ls -U | wc -l)" = 1500
        cd ..; rm -r many; test -z "$(ls)"
        """);
  }

  @Test
  void copiedDirectoryIsTheSame() throws Exception {
    shell.run(
        """
        cp -a /usr/share/perl5 . 2>/dev/null || cp -a /etc/ssl perl5
        src=/usr/share/perl5; test -d $src || src=/etc/ssl
        diff -r --no-dereference $src perl5
        tar cf copy.tar perl5; mkdir out; tar xf copy.tar -C out
        diff -r --no-dereference perl5 out/perl5
        """);
  }

  @Test
  void manyWritersAtOnce() throws Exception {
    shell.run(
        """
        for j in 1 2 3 4 5 6 7 8; do
          ( mkdir d$j; for i in $(seq 100); do echo $j-$i > d$j/f$i; done
            for i in $(seq 100); do test "$(< d$j/f$i)" = $j-$i; done ) &
          p="${p-} $!"
        done
        for i in $p; do wait $i; done
        test "$(find . -type f | wc -l)" = 800
        """);
  }

  @Test
  void openFileKeepsTheMountUntilItIsClosed() throws Exception {
    try (OutputStream open = Files.newOutputStream(where.resolve("open"))) {
      open.write(1);
      MountBusyException busy = assertThrows(MountBusyException.class, mount::unmount);
      assertTrue(busy.getMessage().contains(where.toString()));
      assertTrue(mount.isMounted());
      open.write(2);
    }
    assertEquals(2, Files.size(where.resolve("open")));
  }

  @Test
  void umountFromOutsideEndsIt() throws Exception {
    Files.createFile(where.resolve("f"));
    new Shell(Path.of("/")).run("umount " + where);
    mount.awaitUnmounted();
    assertFalse(mount.isMounted());
    assertFalse(Files.exists(where.resolve("f")));
  }
}
