package org.telosfs.fuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MountOptionsTest {
  @Test
  void lastWordWins() {
    assertEquals(MountOptions.DEFAULTS, MountOptions.DEFAULTS.with("suid, nosuid,,dev,nodev"));
    assertEquals(
        new MountOptions(false, false, true, true, true, false),
        MountOptions.DEFAULTS.with("suid,dev,noexec,ro,allow_other"));
    assertEquals(
        new MountOptions(true, true, false, false, false, true),
        MountOptions.DEFAULTS.with("noallow_other,writeback,RO,rw"));
  }

  @Test
  void unknownWordIsNamed() {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> MountOptions.DEFAULTS.with("ro,frobnicate"));
    assertTrue(refusal.getMessage().contains("'frobnicate'"));
  }
}
