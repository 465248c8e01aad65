package org.telosfs.fuse.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class InitFlagTest {
  /** docs/protocols/fuse.md tells of every flag what becomes of it, and why. */
  @Test
  void documentAgreesWithTheTable() throws Exception {
    List<String> lines = Files.readAllLines(Path.of("..", "docs", "protocols", "fuse.md"));
    for (InitFlag flag : InitFlag.values()) {
      int bit = Long.numberOfTrailingZeros(flag.mask());
      String use =
          switch (flag.use()) {
            case TAKEN -> "taken";
            case WHERE_STATELESS -> "taken where open keeps no state";
            case WHERE_ACLS_ARE_KEPT -> "taken where the tree keeps ACLs";
            case ON_REQUEST -> "taken with `-o writeback`";
            case REFUSED -> "refused";
          };
      String row = "| " + bit + " | `" + flag + "` | " + use + " | " + flag.reason() + " |";
      assertTrue(lines.contains(row), row);
    }
  }

  @Test
  void everyBitHasOneFlag() {
    long all = 0;
    for (InitFlag flag : InitFlag.values()) {
      assertEquals(0, all & flag.mask(), flag.name());
      all |= flag.mask();
    }
  }
}
