package org.telosfs.fuse.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MountTableTest {
  private static final String TEXT =
      """
      22 1 0:21 / / rw,relatime - ext4 /dev/vda rw
      42 27 0:39 / /tmp/a\\040b\\134\\011\\303\\251 rw,nosuid shared:5 master:3 - fuse.telosfs tel\\040os rw,user_id=1000,group_id=0
      43 27 0:40 / /tmp/twice rw - tmpfs below rw
      44 27 0:41 / /tmp/twice rw - fuse.telosfs above rw,user_id=0
      no line
      """;

  private final MountTable table = MountTable.parse(TEXT);

  @Test
  void escapesAndOptionalFieldsAreUndone() {
    MountTable.Mounted mounted = table.on(Path.of("/tmp/a b\\\té")).orElseThrow();
    assertEquals("0:39", mounted.device());
    assertEquals("fuse.telosfs", mounted.type());
    assertEquals("tel os", mounted.source());
    assertEquals(Optional.of("1000"), mounted.option("user_id"));
    assertEquals(Optional.empty(), mounted.option("user"));
  }

  @Test
  void topmostOfSeveralIsWhatIsSeen() {
    assertEquals("above", table.on(Path.of("/tmp/twice")).orElseThrow().source());
  }

  @Test
  void directoryThatIsNoMountPoint() {
    assertEquals(Optional.empty(), table.on(Path.of("/tmp")));
  }

  @Test
  void ownTableIsReadable() throws Exception {
    assertTrue(MountTable.read().on(Path.of("/")).isPresent());
  }
}
