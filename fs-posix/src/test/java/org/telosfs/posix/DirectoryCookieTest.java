package org.telosfs.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.telosfs.block.BlockDevice;
import org.telosfs.block.MemoryBlockDevice;
import org.telosfs.vfs.Caller;
import org.telosfs.vfs.DirectoryEntry;
import org.telosfs.vfs.FileHandle;
import org.telosfs.vfs.FsException;
import org.telosfs.vfs.InodeNumber;
import org.telosfs.vfs.ManualClock;
import org.telosfs.vfs.PathWalk;
import org.telosfs.vfs.RenameMode;

class DirectoryCookieTest {
  private final ManualClock clock = new ManualClock();
  private final BlockDevice device = new MemoryBlockDevice(4096, 8192);
  private PosixFileSystem tree;
  private PathWalk walk;

  @BeforeEach
  void format() throws IOException {
    use(PosixFixture.fresh(device, clock));
  }

  @AfterEach
  void close() throws IOException {
    tree.close();
  }

  private void use(PosixFileSystem mounted) {
    tree = mounted;
    walk = new PathWalk(mounted);
  }

  private List<DirectoryEntry> after(long cookie) throws FsException {
    List<DirectoryEntry> entries = new ArrayList<>();
    tree.readdir(Caller.ROOT, InodeNumber.ROOT, FileHandle.NONE, cookie, entries::add);
    return entries;
  }

  private static List<String> names(List<DirectoryEntry> entries) {
    return entries.stream().map(entry -> entry.name().toString()).toList();
  }

  private long cookieOf(String name) throws FsException {
    return after(0).stream()
        .filter(entry -> entry.name().toString().equals(name))
        .mapToLong(DirectoryEntry::nextCookie)
        .sum();
  }

  @Test
  void cookiesStayAfterAMount() throws IOException, FsException {
    for (String name : List.of("a", "b", "c", "d")) {
      walk.file(name);
    }
    long afterB = cookieOf("b");
    tree.close();
    use(PosixFixture.mount(device, clock));
    assertEquals(List.of("c", "d"), names(after(afterB)));
  }

  @Test
  void cookieOfARemovedNameStillLeadsOn() throws FsException {
    for (String name : List.of("a", "b", "c")) {
      walk.file(name);
    }
    long afterB = cookieOf("b");
    walk.unlink("b");
    walk.unlink("c");
    walk.file("e");
    assertEquals(List.of("e"), names(after(afterB)));
  }

  @Test
  void newNamesComeLast() throws FsException {
    walk.file("z");
    walk.file("a");
    walk.unlink("z");
    walk.file("y");
    assertEquals(List.of(".", "..", "a", "y"), names(after(0)));
  }

  @Test
  void replacedNameKeepsItsPlace() throws FsException {
    walk.file("a");
    walk.file("b");
    walk.file("c");
    long place = cookieOf("a");
    walk.rename("c", "a");
    assertEquals(place, cookieOf("a"));
    assertEquals(List.of(".", "..", "a", "b"), names(after(0)));
  }

  @Test
  void exchangedNamesKeepTheirPlaces() throws FsException {
    walk.file("a");
    walk.directory("b");
    long placeOfA = cookieOf("a");
    long placeOfB = cookieOf("b");
    walk.rename("a", "b", RenameMode.EXCHANGE);
    assertEquals(placeOfA, cookieOf("a"));
    assertEquals(placeOfB, cookieOf("b"));
    assertTrue(walk.stat("a").isDirectory());
  }
}
